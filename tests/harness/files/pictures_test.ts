import { assertEquals } from "@std/assert";
import { decode } from "fast-png";
import { blur, invert, pngOf } from "./pictures.ts";

const dot = new Uint8Array(784);
dot[0] = 81;
dot[14 * 28 + 14] = 81;

Deno.test("invert() swaps black and white", () => {
  assertEquals([...invert(Uint8Array.of(0, 255, 100))], [255, 0, 155]);
});

Deno.test("blur() spreads a dot over 5 × 5 pixels, and over the edge", () => {
  const blurred = blur(dot);
  assertEquals([...blurred.subarray(14 * 28 + 11, 14 * 28 + 18)], [0, 3, 6, 9, 6, 3, 0]);
  // The edge takes its part away: 4 of 9 · 9, 2 of 9 · 9.
  assertEquals([blurred[0], blurred[2], blurred[3]], [4, 2, 0]);
});

Deno.test("pngOf() keeps every pixel", () => {
  const { width, height, data } = decode(pngOf(dot));
  assertEquals([width, height, [...data]], [28, 28, [...dot]]);
});
