import type { Box } from "./geometry.ts";
import type { Pixels } from "../../base/pixels.ts";

/**
 * Cuts a part out of an image and lays it over a background, as PIL's `paste` with the alpha as mask
 * does. The result is opaque; in grey, its red, green and blue are all PIL's `convert("L")`.
 */
export function flatten(
  pixels: Pixels,
  box: Box,
  options: { background: readonly [number, number, number]; grey: boolean },
): Pixels {
  const { data } = pixels;
  const [red, green, blue] = options.background;
  const out = new Uint8ClampedArray(box.width * box.height * 4);
  let to = 0;
  for (let y = box.top; y < box.top + box.height; y++) {
    let from = (y * pixels.width + box.left) * 4;
    for (const end = from + box.width * 4; from < end; from += 4, to += 4) {
      const alpha = data[from + 3]!;
      const r = blend(data[from]!, red, alpha);
      const g = blend(data[from + 1]!, green, alpha);
      const b = blend(data[from + 2]!, blue, alpha);
      if (options.grey) {
        out[to] = out[to + 1] = out[to + 2] = (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
      } else {
        out[to] = r;
        out[to + 1] = g;
        out[to + 2] = b;
      }
      out[to + 3] = 255;
    }
  }
  return { width: box.width, height: box.height, data: out };
}

function blend(over: number, under: number, alpha: number): number {
  return Math.round((over * alpha + under * (255 - alpha)) / 255);
}
