import { crc32 } from "node:zlib";
import type { ImageSpec } from "../../../registry/pair/mod.ts";
import type { Pixels, Size } from "../../../registry/base/mod.ts";
import { readJson, ROOT } from "./project.ts";

/** What PIL makes of the images; `pixels`, `grey` and `on_background` are base64, channels last. */
export interface Expected {
  background: [number, number, number];
  size: Size;
  decoded: Record<string, Size & { rgba_crc32: number }>;
  resized: (Pick<ImageSpec, "resize" | "channels"> & { file: string; pixels: string })[];
  grey: string;
  on_background: string;
}

const FOLDER = "tests/fixtures/images";

/** The bytes of a test image. */
export function readImage(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(new URL(`${FOLDER}/${name}`, ROOT));
}

/** The beginning of a PNG file, which declares a size; there is nothing behind it. */
export function pngHeader(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(29);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 2, 0, 0, 0], 24);
  return bytes;
}

/** What PIL makes of the test images. */
export function readExpected(): Promise<Expected> {
  return readJson(`${FOLDER}/expected.json`);
}

/** Checksum of the pixels, as in {@linkcode Expected}. */
export function checksum({ data }: Pixels): number {
  return crc32(new Uint8Array(data.buffer));
}

/** Bytes of an array in {@linkcode Expected}. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** A spec under which the input is the pixels themselves, 0 to 255. */
export function plainSpec(spec: Omit<ImageSpec, "mean" | "std">): ImageSpec {
  const ofEach = (value: number) => new Array<number>(spec.channels).fill(value);
  return { ...spec, mean: ofEach(0), std: ofEach(1 / 255) };
}

/** The largest difference between an input `[channels, …]` and pixels with the channels last. */
export function largestDifference(
  input: Float32Array,
  pixels: Uint8Array,
  channels: number,
): number {
  const plane = input.length / channels;
  return input.reduce((largest, value, at) => {
    const expected = pixels[(at % plane) * channels + Math.floor(at / plane)] ?? NaN;
    return Math.max(largest, Math.abs(value - expected));
  }, 0);
}
