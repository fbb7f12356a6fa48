import { assertEquals, assertThrows } from "@std/assert";
import { parsePair } from "../../registry/mod.ts";
import { inferPair } from "./infer_pair.ts";
import type { ReadModel } from "./read_models.ts";

type Shape = readonly (number | string)[];

/** What a file could tell; two labels, unless said otherwise. */
function model(
  name: string,
  ms: number | undefined,
  inputs: Readonly<Record<string, Shape>>,
  outputs: Readonly<Record<string, Shape>> = { scores: ["n", 2] },
): ReadModel {
  const infos = (shapes: Readonly<Record<string, Shape>>) =>
    Object.entries(shapes).map(([name, shape]) => ({ name, type: "float32", shape }));
  return {
    name,
    file: new URL(`file:///${name}.onnx`),
    sha256: "a".repeat(64),
    bytes: 1000,
    inputs: infos(inputs),
    outputs: infos(outputs),
    ms,
  };
}

const GREY = { x: ["n", 1, 8, 8] };
const wishes = { name: "p" };

Deno.test("inferPair() orders models by time, and makes a pair that can be loaded", () => {
  const { pair, notes } = inferPair([model("slow", 9, GREY), model("fast", 1, GREY)], {
    ...wishes,
    labels: ["no", "yes"],
    mean: [0.5],
    std: [0.25],
  });
  assertEquals(Object.keys(parsePair(pair).models), ["fast", "slow"]);
  assertEquals(pair.graph, { fast: ["slow"], slow: [] });
  assertEquals(pair.input, { name: "x", datatype: "FP32", shape: [1, 8, 8] });
  assertEquals(pair.image, { channels: 1, resize: "fit", mean: [0.5], std: [0.25] });
  assertEquals(pair.labels, ["no", "yes"]);
  assertEquals(pair.models["fast"], { source: "./fast.onnx", sha256: "a".repeat(64) });
  assertEquals(notes, []);
});

Deno.test("inferPair() says what it had to assume", () => {
  const { pair, notes } = inferPair([model("a", 1, GREY), model("b", 2, GREY)], wishes);
  assertEquals(pair.labels, ["class_0", "class_1"]);
  assertEquals([pair.image?.mean, pair.image?.std], [[0], [1]]);
  assertEquals(notes.map((note) => note.split(":")[0]), [
    "labels are class_0 to class_1",
    "pixels are divided by 255 and not normalised",
  ]);
});

Deno.test("inferPair() finds early exits, whatever the order and the time", () => {
  const features = { features: ["n", 4, 4, 4] };
  const { pair } = inferPair([
    model("last", 1, { features_in: ["n", 8, 2, 2] }),
    model("middle", 2, features, { logits: ["n", 2], more: ["n", 8, 2, 2] }),
    model("first", 3, GREY, { logits: ["n", 2], ...features }),
  ], wishes);
  assertEquals(Object.keys(pair.models), ["first", "middle", "last"]);
  assertEquals(pair.models["first"]?.inputs, undefined);
  assertEquals(pair.models["middle"]?.inputs, { features: "first.features" });
  assertEquals(pair.models["last"]?.inputs, { features_in: "middle.more" });
});

Deno.test("inferPair() names an output that is not called logits", () => {
  const { pair } = inferPair([
    model("a", 1, GREY, { answer: ["n", 2], map: ["n", 1, 2, 2] }),
    model("b", 2, GREY, { other: ["n", 2], logits: ["n", 2] }),
  ], wishes);
  assertEquals([pair.models["a"]?.output, pair.models["b"]?.output], ["answer", undefined]);
});

Deno.test("inferPair() gives models of another size an image of their own", () => {
  const { pair } = inferPair([
    model("a", 1, { x: ["n", 3, 4, 6] }),
    model("b", 2, { y: ["n", 3, "h", "w"] }),
  ], { ...wishes, size: [8, 8] });
  assertEquals(pair.input, { name: "input", datatype: "FP32", shape: [3, 8, 8] });
  assertEquals(pair.models["a"]?.image?.size, [4, 6]);
  assertEquals([pair.models["b"]?.image, pair.image?.channels], [undefined, 3]);
});

Deno.test("inferPair() makes a pair that takes tensors of what is no image", () => {
  const { pair } = inferPair(
    [model("a", 1, { x: ["n", 7] }), model("b", 2, { x: ["n", 7] })],
    wishes,
  );
  assertEquals([pair.input.shape, pair.image], [[7], undefined]);
});

const GREYS = [model("a", 1, GREY), model("b", 2, GREY)];
const STRANGE = { scores: ["n", 2], features: ["n", 3, 3, 3] };

/** What cannot be a pair, and what is said of it. */
const WRONG: readonly (readonly [string, () => unknown])[] = [
  [
    "Cannot use --labels: there are 3, the models have 2 scores",
    () => inferPair(GREYS, { ...wishes, labels: ["a", "b", "c"] }),
  ],
  [
    "a has 2 scores and b 3; expected models that answer the same question",
    () => inferPair([model("a", 1, GREY), model("b", 1, GREY, { y: ["n", 3] })], wishes),
  ],
  [
    "a has 1 score, expected at least two",
    () => inferPair([model("a", 1, GREY, { y: ["n", 1] })], wishes),
  ],
  [
    "Cannot find the scores of a: it gives map float32",
    () => inferPair([model("a", 1, GREY, { map: ["n", 1, 2, 2] })], wishes),
  ],
  [
    "Cannot know the input of a: its shape is",
    () => inferPair([model("a", undefined, { x: ["n", 3, "h", "w"] })], wishes),
  ],
  [
    "a reads [3,8,8], others [1,8,8]",
    () => inferPair([model("a", 1, { x: ["n", 3, 8, 8] }), model("b", 2, GREY)], wishes),
  ],
  [
    "Cannot use --mean 0.1,0.2: expected 1",
    () => inferPair(GREYS, { ...wishes, mean: [0.1, 0.2] }),
  ],
  [
    "Cannot use --mean and --std: the input is no image",
    () => inferPair([model("a", 1, { x: ["n", 7] })], { ...wishes, mean: [0] }),
  ],
  [
    "Cannot know what c reads as x: a.features, b.features fit",
    () =>
      inferPair([
        model("a", 1, GREY, STRANGE),
        model("b", 2, GREY, STRANGE),
        model("c", 3, { x: ["n", 3, 3, 3] }),
      ], wishes),
  ],
  [
    "Cannot order a, b: each reads an output of another of them",
    () =>
      inferPair([
        model("a", 1, { b: ["n", 5, 5, 5] }, { y: ["n", 2], a: ["n", 4, 4, 4] }),
        model("b", 2, { a: ["n", 4, 4, 4] }, { y: ["n", 2], b: ["n", 5, 5, 5] }),
      ], wishes),
  ],
];

for (const [expected, infer] of WRONG) {
  Deno.test(`inferPair() refuses: ${expected}`, () => {
    assertThrows(infer, Error, expected);
  });
}
