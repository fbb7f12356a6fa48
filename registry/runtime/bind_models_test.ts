import { assertEquals, assertThrows } from "@std/assert";
import { bindModels, type ModelInfo } from "./bind_models.ts";
import { PluginError } from "../base/errors.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { chain } from "../pair/define_pair.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import type { TensorInfo } from "../base/backend.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

type Shape = (number | string)[];

const IMAGE: Shape = ["batch", 1, 2, 2];
const LOGITS: Shape = ["batch", 2];
const FEATURES: Shape = ["batch", 8, 4];

function info(name: string, shape: Shape, type = "float32"): TensorInfo {
  return { name, type, shape };
}

const IMAGE_MODEL: ModelInfo = { inputs: [info("x", IMAGE)], outputs: [info("scores", LOGITS)] };

/** Two models that read the request; the first as given, the second beyond reproach. */
function bindFirst(model: ModelInfo, inputs?: Record<string, string>, output?: string) {
  const pair: PairSpec = pairOf(chain("a", "b"), inputs && { inputs: { a: inputs } });
  const models = { ...pair.models, a: { ...pair.models["a"], source: "./a.onnx", output } };
  return bindModels({ ...pair, models }, buildGraph(pair), { a: model, b: IMAGE_MODEL });
}

const STAGE1: ModelInfo = {
  inputs: [info("x", IMAGE)],
  outputs: [info("features", FEATURES), info("logits", LOGITS)],
};

/** A stage that reads the features of the one before. */
function bindSecond(input: TensorInfo, reads = "a.features", first = STAGE1) {
  const pair = pairOf(chain("a", "b"), { inputs: { b: { [input.name]: reads } } });
  const second = { inputs: [input], outputs: [info("logits", LOGITS)] };
  return bindModels(pair, buildGraph(pair), { a: first, b: second });
}

Deno.test("bindModels() lets an only input read the request and takes an only output", () => {
  const { bindings, logits, graph } = bindFirst(IMAGE_MODEL);
  const request = { kind: "request" } as const;
  assertEquals(bindings, { a: { x: request }, b: { x: request } });
  assertEquals(logits, { a: "scores", b: "scores" });
  assertEquals(graph.nodes, ["a", "b"]);
});

Deno.test("bindModels() knows which models take several items, by the free batch of all that they have", () => {
  const fixed = (shape: Shape): Shape => [1, ...shape.slice(1)];
  const model = { inputs: [info("x", fixed(IMAGE))], outputs: [info("scores", LOGITS)] };
  assertEquals(bindFirst(IMAGE_MODEL).batched, new Set(["a", "b"]));
  assertEquals(bindFirst(model).batched, new Set(["b"]));
  const outputs = [info("scores", fixed(LOGITS))];
  assertEquals(bindFirst({ ...IMAGE_MODEL, outputs }).batched, new Set(["b"]));
});

Deno.test("bindModels() takes the output named logits among several", () => {
  const { bindings, logits } = bindSecond(info("f", FEATURES));
  assertEquals(bindings["b"], { f: { kind: "node", node: "a", output: "features" } });
  assertEquals(logits, { a: "logits", b: "logits" });
});

Deno.test("bindModels() takes the declared output rather than the one named logits", () => {
  const outputs = [info("logits", LOGITS), info("other", LOGITS)];
  const { logits } = bindFirst({ ...IMAGE_MODEL, outputs }, undefined, "other");
  assertEquals(logits["a"], "other");
});

Deno.test("bindModels() binds every declared input", () => {
  const inputs = [info("x", IMAGE), info("y", IMAGE)];
  const { bindings } = bindFirst({ ...IMAGE_MODEL, inputs }, { x: "image", y: "image" });
  assertEquals(bindings["a"], { x: { kind: "request" }, y: { kind: "request" } });
});

for (const shape of [["n", "c", "h", "w"], [1, 1, 2, 2], ["batch", 1, "h", 2]]) {
  Deno.test(`bindModels() lets the request meet an input of shape ${shape}`, () => {
    bindFirst({ ...IMAGE_MODEL, inputs: [info("x", shape)] });
  });
}

for (const shape of [["batch", "labels"], [1, 2]]) {
  Deno.test(`bindModels() takes logits of shape ${shape}`, () => {
    bindFirst({ ...IMAGE_MODEL, outputs: [info("scores", shape)] });
  });
}

Deno.test("bindModels() lets a free size of an output meet any size of an input", () => {
  const outputs = [info("features", ["n", "channels", 4]), info("logits", LOGITS)];
  bindSecond(info("f", FEATURES), "a.features", { ...STAGE1, outputs });
});

/** What does not fit, the field, and the reason. */
const REFUSALS: [what: string, bind: () => unknown, field: string, reason: string][] = [
  [
    "several inputs of which none is declared",
    () => bindFirst({ ...IMAGE_MODEL, inputs: [info("x", IMAGE), info("y", IMAGE)] }),
    "models.a.inputs",
    "the model reads x, y; declare what each reads",
  ],
  [
    "an input that is not declared beside one that is",
    () =>
      bindFirst({ ...IMAGE_MODEL, inputs: [info("x", IMAGE), info("y", IMAGE)] }, { x: "image" }),
    "models.a.inputs.y",
    "missing, expected what this input reads",
  ],
  [
    "an input that the model does not have",
    () => bindFirst(IMAGE_MODEL, { x: "image", z: "image" }),
    "models.a.inputs.z",
    "the model has no such input, expected x",
  ],
  [
    "an output that the model before does not have",
    () => bindSecond(info("f", FEATURES), "a.block.out"),
    "models.b.inputs.f",
    "a has no output block.out, expected one of features, logits",
  ],
  [
    "an input of another type than the request",
    () => bindFirst({ ...IMAGE_MODEL, inputs: [info("x", IMAGE, "uint8")] }),
    "models.a.inputs.x",
    'the model reads uint8 ["batch",1,2,2], but image is float32',
  ],
  [
    "an input of another size than the request",
    () => bindFirst({ ...IMAGE_MODEL, inputs: [info("x", ["batch", 3, 2, 2])] }),
    "models.a.inputs.x",
    'the model reads float32 ["batch",3,2,2], but image is float32 [',
  ],
  [
    "an input of fewer dimensions than the request",
    () => bindFirst({ ...IMAGE_MODEL, inputs: [info("x", ["batch", 1, 2])] }),
    "models.a.inputs.x",
    'the model reads float32 ["batch",1,2], but image is float32 [',
  ],
  [
    "an input that takes batches of one size above 1 only",
    () => bindFirst({ ...IMAGE_MODEL, inputs: [info("x", [32, 1, 2, 2])] }),
    "models.a.inputs.x",
    "the model reads float32 [32,1,2,2], but image is float32 [1,1,2,2]",
  ],
  [
    "features of another size than the next stage reads",
    () => bindSecond(info("f", ["batch", 8, 5])),
    "models.b.inputs.f",
    'the model reads float32 ["batch",8,5], but features is float32 ["batch",8,4]',
  ],
  [
    "features of another type than the next stage reads",
    () => bindSecond(info("f", FEATURES, "float16")),
    "models.b.inputs.f",
    'the model reads float16 ["batch",8,4], but features is float32 ["batch",8,4]',
  ],
  [
    "features that are not float32, though both stages agree",
    () => {
      const outputs = [info("features", FEATURES, "int64"), info("logits", LOGITS)];
      return bindSecond(info("f", FEATURES, "int64"), "a.features", { ...STAGE1, outputs });
    },
    "models.b.inputs.f",
    "the model reads int64",
  ],
  [
    "several outputs of which none is named logits",
    () => bindFirst({ ...IMAGE_MODEL, outputs: [info("p", LOGITS), info("q", LOGITS)] }),
    "models.a.output",
    "the model has no output logits, expected p, q",
  ],
  [
    "a declared output that the model does not have",
    () => bindFirst(IMAGE_MODEL, undefined, "logits"),
    "models.a.output",
    "the model has no output logits, expected scores",
  ],
  [
    "logits for another number of labels",
    () => bindFirst({ ...IMAGE_MODEL, outputs: [info("scores", ["batch", 3])] }),
    "models.a.output",
    'scores is float32 ["batch",3], expected float32 [',
  ],
  [
    "logits of more than two dimensions",
    () => bindFirst({ ...IMAGE_MODEL, outputs: [info("scores", ["batch", 2, 1])] }),
    "models.a.output",
    "for 2 labels",
  ],
  [
    "logits that are not float32",
    () => bindFirst({ ...IMAGE_MODEL, outputs: [info("scores", LOGITS, "float64")] }),
    "models.a.output",
    'scores is float64 ["batch",2], expected float32 [',
  ],
];

for (const [what, bind, field, reason] of REFUSALS) {
  Deno.test(`bindModels() refuses ${what}`, () => {
    assertEquals(assertThrows(bind, PluginError, reason).field, field);
  });
}

Deno.test("bindModels() checks a model with an own size against that size", () => {
  const image = { channels: 1, resize: "fit", mean: [0], std: [1], size: [4, 6] } as const;
  const pair = pairOf(chain("a", "b"));
  const own = { ...pair, models: { ...pair.models, b: { source: "./b.onnx", image } } };
  const bind = (shape: Shape) =>
    bindModels(own, buildGraph(own), {
      a: IMAGE_MODEL,
      b: { ...IMAGE_MODEL, inputs: [info("x", shape)] },
    });
  bind(["batch", 1, 4, 6]);
  const error = assertThrows(() => bind(IMAGE), PluginError, "[1,1,4,6]");
  assertEquals(error.field, "models.b.inputs.x");
});
