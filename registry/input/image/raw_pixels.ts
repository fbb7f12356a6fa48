import type { Pixels, Size } from "../../base/pixels.ts";

/** How many bytes a pixel can have: grey; red, green, blue; or these and alpha. */
export const RAW_CHANNELS: readonly number[] = [1, 3, 4];

/**
 * Makes of raw pixels what decoding a file with these pixels gives.
 *
 * @param data Rows of pixels, `channels` bytes each: grey, RGB, or RGBA that is not premultiplied.
 * @param size Height, width and {@linkcode RAW_CHANNELS} of the image.
 * @returns The image; of RGBA a view of the data, else a copy.
 */
export function rawPixels(
  data: Uint8Array<ArrayBuffer>,
  { height, width, channels }: Size & { readonly channels: number },
): Pixels {
  if (channels === 4) {
    return {
      height,
      width,
      data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.length),
    };
  }
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
  const out = new Uint8ClampedArray(height * width * 4);
  for (let from = 0, to = 0; to < out.length; from += channels, to += 4) {
    out[to] = data[from]!;
    out[to + 1] = data[from + green]!;
    out[to + 2] = data[from + blue]!;
    out[to + 3] = 255;
  }
  return { height, width, data: out };
}
