import { assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError } from "./errors.ts";
import type { ImageSpec } from "./image/mod.ts";
import { checkTakesTensors, inputShape } from "./input_shape.ts";
import { chain, type PairSpec } from "./pair.ts";
import { pairOf } from "./testing.ts";

const GREY: ImageSpec = { channels: 1, resize: "fit", mean: [0], std: [1] };

/** Two models, of which the second is declared as given. */
function pairWith(
  image: ImageSpec | undefined,
  own: Partial<PairSpec["models"][string]>,
): PairSpec {
  const pair = pairOf(chain("a", "b"));
  return { ...pair, image, models: { ...pair.models, b: { source: "./b.onnx", ...own } } };
}

Deno.test("inputShape() is the pair's, unless the image spec of the node has a size", () => {
  const larger: ImageSpec = { ...GREY, size: [5, 7] };
  assertEquals(inputShape(pairWith(GREY, {}), "b"), [1, 2, 2]);
  assertEquals(inputShape(pairWith(GREY, { image: larger }), "a"), [1, 2, 2]);
  assertEquals(inputShape(pairWith(GREY, { image: larger }), "b"), [1, 5, 7]);
  assertEquals(inputShape(pairWith(larger, {}), "a"), [1, 5, 7]);
  assertEquals(inputShape(pairWith(larger, { image: GREY }), "b"), [1, 2, 2]);
});

Deno.test("checkTakesTensors() refuses a pair whose models differ in size, and names field and node", () => {
  const pair = pairWith(GREY, { image: { ...GREY, size: [2, 3] } });
  const error = assertThrows(
    () => checkTakesTensors(pair, "data"),
    InvalidInputError,
    "test takes images only, because its models differ in size (b reads [1,2,3], the input is [1,2,2])",
  );
  assertEquals(error.field, "data");
});

Deno.test("checkTakesTensors() takes what every model that reads the request can read", () => {
  const other: ImageSpec = { ...GREY, size: [2, 3] };
  checkTakesTensors(pairWith(undefined, {}), "data");
  checkTakesTensors(pairWith(GREY, { image: { ...GREY, size: [2, 2] } }), "data");
  checkTakesTensors(pairWith(GREY, { image: other, inputs: { x: "a.features" } }), "data");
});
