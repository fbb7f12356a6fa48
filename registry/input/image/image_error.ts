/**
 * Why an image was refused: `unsupported` is a format that is not read, `too-large` is over a limit
 * on its size, `undecodable` is damaged, cut off or empty.
 */
export type ImageErrorReason = "unsupported" | "undecodable" | "too-large";

/** The caller's image cannot be used. Every fault of the bytes is this error and no other. */
export class ImageError extends Error {
  /** Name of the class. */
  override readonly name = "ImageError";
  /** The part of the request that is at fault. */
  readonly field = "image";
  /** What kind of fault it is. */
  readonly reason: ImageErrorReason;

  /**
   * Makes the error.
   *
   * @param message What is wrong and what was expected.
   * @param reason What kind of fault it is.
   * @param options The `cause`, if a codec gave one.
   */
  constructor(message: string, reason: ImageErrorReason, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
