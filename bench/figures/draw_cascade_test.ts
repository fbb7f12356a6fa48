import { assert, assertEquals } from "@std/assert";
import { drawCascade } from "./draw_cascade.ts";

const CASCADE = {
  input: "100 images",
  stages: [
    { name: "cheap", cost: "1 ms", arriving: 1, exiting: 0.75 },
    { name: "dear", cost: "9 ms", arriving: 0.25, exiting: 0.25 },
  ],
  summary: "Mean cost 3.25 ms",
  source: "a test",
};

Deno.test("drawCascade() names every network, its cost and the share that it answers", () => {
  const svg = drawCascade(CASCADE);
  const texts = Array.from(svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g), ([, text]) => text);
  assertEquals(texts.toSorted(), [
    "1 ms",
    "100 images",
    "25% answered",
    "25% go on",
    "75% answered",
    "9 ms",
    "Mean cost 3.25 ms",
    "a test",
    "cheap",
    "dear",
  ]);
});

Deno.test("drawCascade() draws flows as wide as their shares", () => {
  const widths = Array.from(drawCascade(CASCADE).matchAll(/points="0,-([\d.]+) /g), ([, half]) => {
    return Number(half);
  });
  const [all = 0, first, on, last] = widths;
  assertEquals([first, on, last], [0.75 * all, 0.25 * all, 0.25 * all]);
});

Deno.test("drawCascade() puts all text into boxes, to be read on light and on dark pages", () => {
  const svg = drawCascade(CASCADE);
  const boxes = Array.from(
    svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    ([, ...numbers]) => numbers.map(Number),
  );
  for (const [, x, y] of svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"/g)) {
    assert(
      boxes.some(([left = 0, top = 0, width = 0, height = 0]) => {
        return left < Number(x) && Number(x) < left + width && top < Number(y) &&
          Number(y) < top + height;
      }),
      `text at ${x}, ${y}`,
    );
  }
});
