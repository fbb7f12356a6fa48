/**
 * Images become the input of a model here. How is declared by an {@linkcode ImageSpec} of the
 * plugin, not coded: decode, lay over the background, resize, normalise.
 *
 * Orientation in EXIF data is ignored, as by a plain open of PIL, and so are colour profiles:
 * a model sees the pixels that training saw.
 *
 * @example Usage
 * ```ts
 * import { decodeImage, preprocess } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = await Deno.readFile("tests/fixtures/images/photo.png");
 * const pixels = await decodeImage(bytes, { maxPixels: 1_000_000 });
 * const spec = { channels: 1, resize: "fit", mean: [0.286], std: [0.353] } as const;
 * const input = await preprocess(pixels, spec, { height: 28, width: 28 });
 * assertEquals(input.length, 28 * 28);
 * ```
 *
 * @module
 */

export { decodeImage, type DecodeImageOptions } from "./decode.ts";
export { ImageError, type ImageErrorReason } from "./image_error.ts";
// Doc lint takes Zod's type for a private one; hence the tag.
export { type ImageSpec, /** @ignore */ imageSpecSchema } from "../../pair/image_spec.ts";
export { MAX_SIDE, type Pixels, type Size } from "../../base/pixels.ts";
export { preprocess } from "./preprocess.ts";
export { RAW_CHANNELS, rawPixels } from "./raw_pixels.ts";
export { type ImageFormat, type ImageHeader, sniffImage } from "./sniff.ts";
