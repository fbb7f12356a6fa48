/** Height and width in pixels, both at least 1. */
export interface Size {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/** As long as a WebP can be. To resize an image one pixel wide and millions high takes gigabytes. */
export const MAX_SIDE = 16_384;

/** A decoded image. */
export interface Pixels extends Size {
  /** Red, green, blue and alpha of every pixel, row by row, not premultiplied. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Decodes whole files, with one instance of a codec. Returns `null` or throws on damaged ones. */
export type Decoder = (bytes: Uint8Array) => Pixels | null;
