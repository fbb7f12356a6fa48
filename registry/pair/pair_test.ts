import { assert, assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../base/errors.ts";
import { chain, definePair } from "./define_pair.ts";
import { parsePair } from "./pair.ts";

const GREY = { channels: 1, resize: "fit", mean: [0.286], std: [0.353] };
const COLOUR = { channels: 3, resize: "cover", mean: [0, 0, 0], std: [1, 1, 1] };

const PAIR = {
  name: "clothes-2",
  description: "Articles of clothing",
  labels: ["shirt", "shoe"],
  input: { name: "image", datatype: "FP32", shape: [1, 28, 28] },
  image: GREY,
  models: {
    small: { source: "./small.onnx", sha256: "0123456789abcdef".repeat(4), output: "scores" },
    large: {
      source: "https://example.com/large.onnx",
      inputs: { features: "small.features", x: "image" },
      image: { ...GREY, background: 255 },
    },
  },
  graph: { start: ["small"], small: ["large"], large: [] },
};

/** The pair with one member set, named as errors name it; its parents are created. */
function withMember(field: string, value: unknown): unknown {
  const copy = structuredClone(PAIR);
  const names = field.split(".");
  const last = names.pop() as string;
  // deno-lint-ignore no-explicit-any
  const parent = names.reduce((object: any, name) => object[name] ??= {}, copy);
  parent[last] = value;
  return copy;
}

Deno.test("parsePair() gives what the plugin declares", () => {
  assertEquals<unknown>(parsePair(PAIR), PAIR);
});

Deno.test("parsePair() asks for no more than it needs", () => {
  const { name, labels, input, graph } = PAIR;
  const models = { small: { source: "a" }, large: { source: "b" } };
  const least = { name, labels, input: { ...input, shape: [5] }, models, graph };
  assertEquals<unknown>(parsePair(least), least);
});

const NAME = "expected lower-case letters, digits and hyphens, at most 64";
const NODE = "expected a node name: letters, digits, _ and -, not start or exit";
const HASH = "expected 64 lower-case hex digits";

/** Field, a value that it must not have, and what the error says that it expected. */
const WRONG: [field: string, value: unknown, expected: string][] = [
  ["name", "Clothes", NAME],
  ["name", "-clothes", NAME],
  ["name", "a".repeat(65), NAME],
  ["name", 5, "expected string"],
  ["description", 5, "expected string"],
  ["labels", ["shirt"], "expected array to have >=2 items"],
  ["labels.1", "", "expected string to have >=1 char"],
  ["labels.1", 5, "expected string"],
  ["input.name", "a.b", "expected a name without a dot"],
  ["input.name", "", "expected a name without a dot"],
  ["input.datatype", "INT8", 'expected "FP32"'],
  ["input.shape", [], "expected array to have >=1 item"],
  ["input.shape.0", 0, "expected number to be >0"],
  ["input.shape.2", 1.5, "expected int"],
  ["image.channels", 2, "expected 1 (grey) or 3 (red, green, blue)"],
  ["image.size", 224, "expected [height, width], both in pixels"],
  ["image.crop", 1.5, "expected a share above 0, at most 1"],
  ["models.large.image.order", "BGR", "expected none with 1 channel"],
  ["image.std.0", 0, "expected a number above 0"],
  ["models", [], "expected record"],
  ["models.small.source", "", "expected string to have >=1 char"],
  ["models.small.sha256", "A".repeat(64), HASH],
  ["models.small.sha256", "a".repeat(63), HASH],
  ["models.small.inputs.x", 5, "expected string"],
  ["models.small.inputs.x", "", "expected string to have >=1 char"],
  ["models.small.output", "", "expected string to have >=1 char"],
  ["models.large.image.mean", [], "expected one number per channel (1)"],
  ["graph.small", "large", "expected array"],
  ["graph.small.0", "exit", NODE],
  ["graph.small.0", "start", NODE],
  ["graph.small.0", "2nd", NODE],
  ["graph.small.0", "a".repeat(65), NODE],
  ["graph.small.0", 5, "expected string"],
];

for (const [field, value, expected] of WRONG) {
  const shown = JSON.stringify(value);
  Deno.test(`parsePair() refuses ${shown} as ${field}`, () => {
    const error = assertThrows(() => parsePair(withMember(field, value)), PluginError, expected);
    assertEquals(error.field, field);
    assert(error.reason.endsWith(`, got ${shown}`), error.reason);
  });
}

for (const field of ["name", "labels", "input", "models", "models.small.source", "graph"]) {
  Deno.test(`parsePair() refuses a pair without ${field}`, () => {
    const error = assertThrows(
      () => parsePair(withMember(field, undefined)),
      PluginError,
      "expected",
    );
    assertEquals(error.field, field);
  });
}

for (const member of ["modles", "input.size", "models.small.hash", "models.large.image.zoom"]) {
  Deno.test(`parsePair() refuses the unknown member ${member}`, () => {
    const error = assertThrows(() => parsePair(withMember(member, [])), PluginError);
    assertEquals(error.field, member);
  });
}

for (const key of ["models.exit", "models.start", "models.2nd", "models.a b", "graph.exit"]) {
  Deno.test(`parsePair() refuses the name of ${key} and says what a name is`, () => {
    const value = key.startsWith("models") ? { source: "./x.onnx" } : [];
    const error = assertThrows(
      () => parsePair(withMember(key, value)),
      PluginError,
      "letters, digits, _ and -",
    );
    assertEquals(error.field, key);
  });
}

for (const value of [undefined, null, 5, "pair", [PAIR], () => PAIR, { name: 5n }]) {
  Deno.test(`parsePair() refuses a default export that is no pair: ${String(value)}`, () => {
    assertThrows(() => parsePair(value), PluginError, "expected");
  });
}

Deno.test("parsePair() names the default export where it is no object", () => {
  const error = assertThrows(() => parsePair(undefined), PluginError, "expected object");
  assertEquals(error.field, "default export");
});

/** Images that do not meet the shape of the input: field, pair's image, small's, shape. */
const MISFITS: [field: string, image: unknown, own: unknown, shape: number[]][] = [
  ["image.channels", COLOUR, undefined, [1, 28, 28]],
  ["image.channels", GREY, undefined, [3, 28, 28]],
  ["image.channels", GREY, undefined, [28, 28]],
  ["image.channels", GREY, undefined, [1, 1, 28, 28]],
  ["models.small.image.channels", GREY, COLOUR, [1, 28, 28]],
  ["models.small.image.channels", undefined, GREY, [1]],
];

for (const [field, image, own, shape] of MISFITS) {
  Deno.test(`parsePair() refuses ${field} that does not fit the shape ${shape}`, () => {
    const small = { source: "./small.onnx", image: own };
    const models = { small, large: { source: "./large.onnx" } };
    const pair = { ...PAIR, image, input: { ...PAIR.input, shape }, models };
    const error = assertThrows(
      () => parsePair(pair),
      PluginError,
      `do not fit input.shape ${JSON.stringify(shape)}, expected [channels, height, width]`,
    );
    assertEquals(error.field, field);
  });
}

Deno.test("parsePair() checks the pair's image only where a model uses it", () => {
  const models = {
    small: { source: "./small.onnx", image: GREY },
    large: { source: "./large.onnx", image: GREY },
  };
  const pair = { ...PAIR, image: COLOUR, models };
  assertEquals<unknown>(parsePair(pair), pair);
});

Deno.test("definePair() gives its argument", () => {
  const pair = parsePair(PAIR);
  assert(definePair(pair) === pair);
});

Deno.test("chain() lets each node be followed by the next alone", () => {
  assertEquals(chain("a", "b", "c"), { a: ["b"], b: ["c"], c: [] });
  assertEquals(chain("a"), { a: [] });
  assertEquals(chain(), {});
});

Deno.test("parsePair() refuses a backend that there is not, and lists those that there are", () => {
  const value = withMember("models.small.backend", "cuda");
  const error = assertThrows(() => parsePair(value), PluginError, '"wasm"');
  assertEquals(error.field, "models.small.backend");
});

Deno.test("parsePair() keeps functions as they are", () => {
  const preprocess = () => new Float32Array(784);
  const postprocess = () => new Float32Array(2);
  const models = { small: { source: "./small.onnx", postprocess }, large: { source: "./l.onnx" } };
  const pair = parsePair({ ...PAIR, image: undefined, models, preprocess });
  assert(pair.preprocess === preprocess && pair.models["small"]?.postprocess === postprocess);
});

/** Code beside the declaration in whose place it stands. */
const TWICE = [
  ["preprocess", "image"],
  ["models.large.preprocess", "image"],
  ["models.small.postprocess", "output"],
] as const;

for (const [field, declared] of TWICE) {
  Deno.test(`parsePair() refuses ${field} beside ${declared}`, () => {
    const error = assertThrows(
      () => parsePair(withMember(field, () => new Float32Array(1))),
      PluginError,
      `is given beside ${declared}, expected one of them`,
    );
    assertEquals(error.field, field);
  });
}

for (const field of ["postprocess", "models.small.preprocess"]) {
  Deno.test(`parsePair() refuses ${field} that is no function`, () => {
    const error = assertThrows(
      () => parsePair(withMember(field, "fit")),
      PluginError,
      'expected a function, got "fit"',
    );
    assertEquals(error.field, field);
  });
}
