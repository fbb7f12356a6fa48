import { decode } from "fast-png";
import { blur, invert, pngOf } from "../../tests/harness/files/pictures.ts";

const SPOILERS = { inverted: invert, blurred: blur };

/** How images are spoilt. */
export type Spoilt = keyof typeof SPOILERS;

/**
 * Spoils an image.
 *
 * @param png A grey PNG file of 28 × 28 pixels with 8 bits each.
 * @param how Inverted, or blurred by a 3 × 3 box filter, twice.
 * @returns The spoilt image as PNG file.
 */
export function spoil(png: Uint8Array<ArrayBuffer>, how: Spoilt): Uint8Array<ArrayBuffer> {
  return pngOf(SPOILERS[how](Uint8Array.from(decode(png).data)));
}
