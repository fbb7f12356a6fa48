import { assertEquals, assertThrows } from "@std/assert";
import { InvalidInputError } from "../base/errors.ts";
import type { ImageSpec } from "../input/image/mod.ts";
import { checkTakesTensors, inputShape, takesImages } from "./input_shape.ts";
import { chain } from "./define_pair.ts";
import type { PairSpec } from "./pair_spec.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

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

Deno.test("checkTakesTensors() refuses a pair whose models want images prepared differently", () => {
  const changes: Partial<ImageSpec>[] = [
    { resize: "stretch" },
    { crop: 0.5 },
    { background: 255 },
    { mean: [0.5] },
    { std: [2] },
  ];
  for (const change of changes) {
    assertThrows(
      () => checkTakesTensors(pairWith(GREY, { image: { ...GREY, ...change } }), "data"),
      InvalidInputError,
      "because its models differ in how images are prepared (a and b); expected an image",
    );
  }
});

Deno.test("checkTakesTensors() takes specs that say the same in other words", () => {
  const same: ImageSpec = { ...GREY, crop: 1, background: [0] };
  checkTakesTensors(pairWith(GREY, { image: same }), "data");
});

Deno.test("takesImages() is so if every model that reads the request says how", () => {
  assertEquals(takesImages(pairWith(GREY, {})), true);
  assertEquals(takesImages(pairWith(undefined, {})), false);
  const one = pairWith(undefined, { image: GREY });
  assertEquals(takesImages(one), false);
  checkTakesTensors(one, "data");
  assertEquals(takesImages(pairWith(undefined, { inputs: { x: "a.features" } })), false);
});

Deno.test("takesImages() is so as well where a function prepares them", () => {
  const preprocess = () => new Float32Array(4);
  const pair = { ...pairWith(undefined, {}), preprocess };
  assertEquals(takesImages(pair), true);
  assertEquals(inputShape(pair, "b"), [1, 2, 2]);
  checkTakesTensors(pair, "data");
});

Deno.test("checkTakesTensors() refuses a pair of which one model has another function", () => {
  const preprocess = () => new Float32Array(4);
  const other = { ...pairWith(undefined, { preprocess: () => new Float32Array(4) }), preprocess };
  const declared = pairWith(GREY, { preprocess });
  for (const pair of [other, declared]) {
    assertThrows(
      () => checkTakesTensors(pair, "data"),
      InvalidInputError,
      "because its models differ in how images are prepared (a and b)",
    );
  }
  checkTakesTensors({ ...pairWith(undefined, { preprocess }), preprocess }, "data");
});
