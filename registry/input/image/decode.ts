import { jpegDecoder, webpDecoder } from "./emscripten.ts";
import { ImageError } from "./image_error.ts";
import { type Decoder, MAX_SIDE, type Pixels } from "../../base/pixels.ts";
import { pngDecoder } from "./png.ts";
import { FORMAT_NAMES, type ImageFormat, sniffImage } from "./sniff.ts";

/** Options of {@linkcode decodeImage}. */
export interface DecodeImageOptions {
  /**
   * The most pixels (width × height) that an image may have. More are refused from the header. From
   * file to input, an image takes up to about 20 bytes of memory a pixel.
   */
  readonly maxPixels: number;
}

/** An instance's memory never shrinks; so one that has seen more pixels than this is not kept. */
const MAX_KEPT_PIXELS = 1 << 20;

const factories: Record<ImageFormat, () => Promise<Decoder>> = {
  png: pngDecoder,
  jpeg: jpegDecoder,
  webp: webpDecoder,
};
const decoders = new Map<ImageFormat, Decoder>();

/**
 * Decodes a PNG, JPEG or still WebP image. Samples of 16 bits lose the lower 8; EXIF orientation and
 * colour profiles are ignored. The bytes are only read.
 *
 * @param bytes The file.
 * @param options The limit on its size.
 * @returns The pixels, in a buffer of their own.
 * @throws {ImageError} If the format is not supported, the image is too large, or it is damaged.
 *
 * @example Usage
 * ```ts
 * import { decodeImage } from "./decode.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = await Deno.readFile("tests/fixtures/images/photo.png");
 * const { width, height, data } = await decodeImage(bytes, { maxPixels: 1_000_000 });
 * assertEquals(data.length, width * height * 4);
 * ```
 */
export async function decodeImage(
  bytes: Uint8Array,
  options: DecodeImageOptions,
): Promise<Pixels> {
  const { format, width, height } = sniffImage(bytes);
  const size = `${width}x${height} pixels`;
  if (width * height > options.maxPixels) {
    throw tooLarge(`${size}, expected at most ${options.maxPixels} in all`);
  }
  if (Math.max(width, height) > MAX_SIDE) {
    throw tooLarge(`${size}, expected at most ${MAX_SIDE} a side`);
  }
  const decoder = decoders.get(format) ?? await factories[format]();
  // A failure leaves an instance with a leak or a broken stack: it comes back only by a success.
  decoders.delete(format);
  const pixels = run(decoder, bytes, format);
  if (pixels.width !== width || pixels.height !== height) {
    throw undecodable(`the ${FORMAT_NAMES[format]} has parts that differ in size`);
  }
  if (width * height <= MAX_KEPT_PIXELS) decoders.set(format, decoder);
  return pixels;
}

function run(decoder: Decoder, bytes: Uint8Array, format: ImageFormat): Pixels {
  let pixels: Pixels | null;
  try {
    pixels = decoder(bytes);
  } catch (cause) {
    const detail = cause instanceof Error ? `: ${cause.message}` : "";
    throw undecodable(`the ${FORMAT_NAMES[format]} is damaged or cut off${detail}`, cause);
  }
  if (pixels === null) {
    throw undecodable(`the ${FORMAT_NAMES[format]} is damaged, cut off or animated`);
  }
  return pixels;
}

function tooLarge(what: string): ImageError {
  return new ImageError(`Cannot decode image: it has ${what}`, "too-large");
}

function undecodable(what: string, cause?: unknown): ImageError {
  return new ImageError(`Cannot decode image: ${what}`, "undecodable", { cause });
}
