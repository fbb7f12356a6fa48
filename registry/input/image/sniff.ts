import { imageDimensionsFromData } from "image-dimensions";
import { ImageError } from "./image_error.ts";
import { readJpegFrame } from "./jpeg_header.ts";

/** A format that is read. */
export type ImageFormat = "png" | "jpeg" | "webp";

/** Formats as people write them. */
export const FORMAT_NAMES: Readonly<Record<ImageFormat, string>> = {
  png: "PNG",
  jpeg: "JPEG",
  webp: "WebP",
};

/** What the header of an image says. */
export interface ImageHeader {
  /** The format, by the first bytes; a declared media type does not matter. */
  readonly format: ImageFormat;
  /** Width in pixels, at least 1. */
  readonly width: number;
  /** Height in pixels, at least 1. */
  readonly height: number;
}

/** Enough for any header but a JPEG's, which is read by {@linkcode readJpegFrame}. */
const HEADER_BYTES = 4096;
/** Progressive files have about 10. Each one costs a pass over the whole image, and a few bytes. */
const MAX_JPEG_SCANS = 50;

/**
 * Reads the format and the size of an image from its header, without decoding it.
 *
 * @param bytes The file.
 * @returns Its format, width and height.
 * @throws {ImageError} If it is not a PNG, JPEG or WebP, or has no usable header.
 *
 * @example Usage
 * ```ts
 * import { sniffImage } from "./sniff.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = await Deno.readFile("tests/fixtures/images/photo.png");
 * assertEquals(sniffImage(bytes), { format: "png", width: 96, height: 64 });
 * ```
 */
export function sniffImage(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) throw undecodable("expected a PNG, JPEG or WebP image, got no bytes");
  const format = formatOf(bytes);
  if (format === undefined) {
    const other = imageDimensionsFromData(bytes.subarray(0, HEADER_BYTES))?.type;
    throw new ImageError(
      "Cannot read image: expected PNG, JPEG or WebP, got " +
        (other?.toUpperCase() ?? "an unknown format"),
      "unsupported",
    );
  }
  const size = format === "jpeg" ? jpegSize(bytes) : headerSize(bytes);
  if (size === undefined) {
    throw undecodable(`the header of the ${FORMAT_NAMES[format]} is damaged or cut off`);
  }
  const { width, height } = size;
  if (width === 0 || height === 0) throw undecodable(`it is empty (${width}x${height} pixels)`);
  return { format, width, height };
}

function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^RIFF.{4}WEBP/s.test(head)) return "webp";
  return undefined;
}

function headerSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const isApplePng = bytes[12] === 0x43;
  return isApplePng ? undefined : imageDimensionsFromData(bytes.subarray(0, HEADER_BYTES));
}

function jpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const frame = readJpegFrame(bytes);
  if (frame?.components === 4) {
    throw new ImageError(
      "Cannot read image: expected a JPEG in RGB or grey, got CMYK",
      "unsupported",
    );
  }
  if (frame && frame.scans > MAX_JPEG_SCANS) {
    throw new ImageError(
      `Cannot read image: expected a JPEG of at most ${MAX_JPEG_SCANS} scans, got ${frame.scans}`,
      "unsupported",
    );
  }
  return frame;
}

function undecodable(what: string): ImageError {
  return new ImageError(`Cannot read image: ${what}`, "undecodable");
}
