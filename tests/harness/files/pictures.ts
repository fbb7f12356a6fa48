import { encode } from "fast-png";

/** Width and height of the pictures. */
const SIZE = 28;

/** The negative of a picture. */
export function invert(pixels: Uint8Array): Uint8Array {
  return pixels.map((value) => 255 - value);
}

/** A picture after a 3 × 3 box filter, twice; black around it. */
export function blur(pixels: Uint8Array): Uint8Array {
  return box(box(pixels));
}

/** Puts grey values into a PNG file. */
export function pngOf(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode({ data, width: SIZE, height: SIZE, channels: 1 }));
}

function box(pixels: Uint8Array): Uint8Array {
  const at = (x: number, y: number): number => {
    const isInside = x >= 0 && y >= 0 && x < SIZE && y < SIZE;
    return isInside ? pixels[y * SIZE + x] as number : 0;
  };
  return pixels.map((_, index) => {
    const [x, y] = [index % SIZE, Math.floor(index / SIZE)];
    let sum = 0;
    for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) sum += at(x + dx, y + dy);
    return Math.round(sum / 9);
  });
}
