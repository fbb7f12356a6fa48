import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { coverBox, cropBox, fitInside } from "./geometry.ts";

const side = fc.integer({ min: 1, max: 5000 });
const size = fc.record({ width: side, height: side });

Deno.test("fitInside() changes the aspect ratio by less than a pixel, stays inside, centred", () => {
  fc.assert(fc.property(size, size, (image, input) => {
    const box = fitInside(image, input);
    const scale = Math.min(input.width / image.width, input.height / image.height);
    assert(Math.abs(box.width - image.width * scale) < 1);
    assert(Math.abs(box.height - image.height * scale) < 1);
    assert(box.width === input.width || box.height === input.height);
    for (
      const [start, length, whole] of [
        [box.left, box.width, input.width],
        [box.top, box.height, input.height],
      ] as const
    ) {
      assert(start >= 0 && length >= 1 && start + length <= whole);
      assert(Math.abs(whole - length - 2 * start) <= 1);
    }
  }));
});

Deno.test("coverBox() changes the aspect ratio by less than a pixel, stays inside, centred", () => {
  fc.assert(fc.property(size, size, (image, input) => {
    const box = coverBox(image, input);
    const scale = Math.min(image.width / input.width, image.height / input.height);
    assert(Math.abs(box.width - input.width * scale) < 1);
    assert(Math.abs(box.height - input.height * scale) < 1);
    for (
      const [start, length, whole] of [
        [box.left, box.width, image.width],
        [box.top, box.height, image.height],
      ] as const
    ) {
      assert(start >= 0 && length >= 1 && start + length <= whole);
      assert(whole - length - 2 * start <= 1);
    }
  }));
});

Deno.test("fitInside() and coverBox() take all of an image of the same aspect ratio", () => {
  const whole = { left: 0, top: 0 };
  const [image, input] = [{ width: 30, height: 20 }, { width: 3, height: 2 }];
  assertEquals(fitInside(image, input), { ...whole, ...input });
  assertEquals(coverBox(image, input), { ...whole, ...image });
});

Deno.test("cropBox() takes the centred share of either side in whole pixels", () => {
  const image = { width: 227, height: 227 };
  assertEquals(cropBox(image, 1), { left: 0, top: 0, width: 227, height: 227 });
  assertEquals(cropBox(image, 224 / 227), { left: 1, top: 1, width: 224, height: 224 });
  assertEquals(cropBox(image, 0.875), { left: 14, top: 14, width: 199, height: 199 });
  assertEquals(cropBox({ width: 9, height: 4 }, 0.5), { left: 2, top: 1, width: 4, height: 2 });
  assertEquals(cropBox({ width: 1, height: 1 }, 0.01), { left: 0, top: 0, width: 1, height: 1 });
});
