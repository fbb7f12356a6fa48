import resize, { initResize } from "@jsquash/resize";
import { codecModule } from "./codec_module.ts";
import { flatten } from "./flatten.ts";
import { type Box, coverBox, cropBox, fitInside } from "./geometry.ts";
import type { ImageSpec } from "../../pair/image_spec.ts";
import type { Pixels, Size } from "../../base/pixels.ts";

/**
 * Makes a model's input of an image: cuts out its centre if the spec says so, lays it over the
 * background, converts it to grey if one channel is wanted, resizes it, and normalises it to
 * `(pixel / 255 − mean) / std`.
 *
 * @param pixels The image.
 * @param spec How the model wants it.
 * @param size Height and width of the input; those of the spec, if it has any, are not looked at.
 * @returns The input, channel by channel, row by row: shape `[channels, height, width]`.
 *
 * @example Usage
 * ```ts
 * import { preprocess } from "./preprocess.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pixels = { width: 1, height: 1, data: new Uint8ClampedArray([255, 255, 255, 255]) };
 * const spec = { channels: 1, resize: "fit", mean: [0.5], std: [0.5] } as const;
 * assertEquals(
 *   await preprocess(pixels, spec, { height: 1, width: 3 }),
 *   new Float32Array([-1, 1, -1]),
 * );
 * ```
 */
export async function preprocess(
  pixels: Pixels,
  spec: ImageSpec,
  size: Size,
): Promise<Float32Array<ArrayBuffer>> {
  const kept = cropBox(pixels, spec.crop ?? 1);
  const source = spec.resize === "cover" ? within(kept, coverBox(kept, size)) : kept;
  const place = spec.resize === "fit" ? fitInside(kept, size) : { left: 0, top: 0, ...size };
  const background = backgroundOf(spec);
  const flat = flatten(pixels, source, { background, grey: spec.channels === 1 });
  return normalise(await resample(flat, place), place, { spec, size, background });
}

/** A part of a part, seen from the whole. */
function within(outer: Box, inner: Box): Box {
  return { ...inner, left: outer.left + inner.left, top: outer.top + inner.top };
}

function backgroundOf({ background = 0 }: ImageSpec): [number, number, number] {
  const [red = 0, green = red, blue = red] = [background].flat();
  return [red, green, blue];
}

async function resample(pixels: Pixels, { width, height }: Size): Promise<Pixels> {
  if (pixels.width === width && pixels.height === height) return pixels;
  await initResize(await codecModule("resize"));
  const image = new ImageData(pixels.data, pixels.width, pixels.height);
  // These three make it PIL's BILINEAR; the defaults are far from it.
  const options = { method: "triangle", linearRGB: false, premultiply: false } as const;
  return await resize(image, { width, height, ...options }) as Pixels;
}

function normalise(
  pixels: Pixels,
  place: Box,
  options: { spec: ImageSpec; size: Size; background: [number, number, number] },
): Float32Array<ArrayBuffer> {
  const { spec, size, background } = options;
  const plane = size.height * size.width;
  const input = new Float32Array(spec.channels * plane);
  for (let channel = 0; channel < spec.channels; channel++) {
    const colour = spec.order === "BGR" ? 2 - channel : channel;
    const levels = Float32Array.from(
      { length: 256 },
      (_, level) => (level / 255 - spec.mean[channel]!) / spec.std[channel]!,
    );
    const start = channel * plane;
    input.fill(levels[background[colour]!]!, start, start + plane);
    let from = colour;
    for (let y = 0; y < place.height; y++) {
      let to = start + (place.top + y) * size.width + place.left;
      for (let x = 0; x < place.width; x++, from += 4) input[to++] = levels[pixels.data[from]!]!;
    }
  }
  return input;
}
