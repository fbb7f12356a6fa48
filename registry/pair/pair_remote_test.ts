import { assert, assertEquals, assertThrows } from "@std/assert";
import { PluginError } from "../base/errors.ts";
import { parsePair } from "./pair.ts";

const SOURCE = "https://models.example/v2/models/large";

/** A pair whose larger model is served elsewhere, with some of its members changed. */
function pairWith(large: object, pair: object = {}) {
  return {
    name: "test",
    labels: ["no", "yes"],
    input: { name: "x", datatype: "FP32", shape: [2] },
    models: {
      small: { source: "./small.onnx", cost: 1 },
      large: { source: SOURCE, backend: "remote", ...large },
    },
    graph: { small: ["large"], large: [] },
    ...pair,
  };
}

function refusal(large: object, pair?: object): PluginError {
  return assertThrows(() => parsePair(pairWith(large, pair)), PluginError);
}

Deno.test("parsePair() gives what the plugin declares of a model elsewhere", () => {
  const remote = {
    token: "SLUICE_LARGE_TOKEN",
    timeoutMs: 250,
    parameters: { policy: "always:large", threshold: 0.5, raw: true },
  };
  const pair = pairWith({ remote, sha256: "0".repeat(64), cost: 0.0004 }, { costUnit: "€" });
  assertEquals<unknown>(parsePair(pair), pair);
});

for (
  const source of [
    SOURCE,
    `${SOURCE}/`,
    `${SOURCE}/versions/3`,
    "http://127.0.0.1:8000/v2/models/large",
    "http://[::1]:8000/v2/models/large",
    "https://models.example/some/prefix/v2/models/large/versions/1",
    "https://models.example/v2/models/a%20b",
  ]
) {
  Deno.test(`parsePair() takes ${source} for a model elsewhere`, () => {
    assertEquals(parsePair(pairWith({ source })).models["large"]?.source, source);
  });
}

for (
  const source of [
    "./large.onnx",
    "https://models.example/large.onnx",
    "https://models.example/v2/models",
    "https://models.example/v2/models/",
    "https://models.example/v2/models/large/infer",
    "https://models.example/v2/models/large/versions",
    "https://models.example:99999/v2/models/large",
    "ftp://models.example/v2/models/large",
    "https:///v2/models/large",
  ]
) {
  Deno.test(`parsePair() refuses ${source} for a model elsewhere`, () => {
    const { field, reason } = refusal({ source });
    assertEquals(field, "models.large.source");
    assertEquals(
      reason,
      "expected https://<host>/v2/models/<model>, or /versions/<version> after that, " +
        `got "${source}"`,
    );
  });
}

for (
  const [source, shown] of [
    [
      "https://me:s3cret@models.example/v2/models/large",
      "https://…@models.example/v2/models/large",
    ],
    ["https://me:s3/cret@models.example/v2/models/a", "https://…@models.example/v2/models/a"],
    [`${SOURCE}?key=s3cret`, `${SOURCE}?…`],
    [`${SOURCE}#s3cret`, `${SOURCE}#…`],
  ] as const
) {
  Deno.test(`parsePair() refuses a secret in the URL and does not show it: ${shown}`, () => {
    const { field, reason } = refusal({ source });
    assertEquals(field, "models.large.source");
    assert(reason.endsWith(`got "${shown}"`), reason);
  });
}

const TOKEN = "expected the name of an environment variable that begins with SLUICE_";
const PARAMETER = "expected a string, a number, true or false";

/** Field below `remote`, a value that it must not have, and what the error says. */
const WRONG: [field: string, value: unknown, reason: string][] = [
  ["timeoutMs", 0, "expected number to be >=1, got 0"],
  ["timeoutMs", 1.5, "expected int, got 1.5"],
  ["timeoutMs", 600_001, "expected number to be <=600000, got 600001"],
  ["timeoutMs", "2s", 'expected number, got "2s"'],
  ["parameters", [], "expected record, got []"],
  ["parameters.a", [1], `${PARAMETER}, got [1]`],
  ["parameters.a", null, `${PARAMETER}, got null`],
  ["headers", {}, "unknown member"],
  ["token", "HOME", `${TOKEN}, got another value`],
  ["token", "hf_s3cret", `${TOKEN}, got another value`],
  ["token", "SLUICE_a", `${TOKEN}, got another value`],
  ["token", 5, "expected string, got another value"],
];

for (const [field, value, expected] of WRONG) {
  Deno.test(`parsePair() refuses ${JSON.stringify(value)} as remote.${field}`, () => {
    const [name = "", inner] = field.split(".");
    const { field: found, reason } = refusal({
      remote: { [name]: inner ? { [inner]: value } : value },
    });
    assertEquals([found, reason], [`models.large.remote.${field}`, expected]);
  });
}

for (const backend of [undefined, "wasm", "webgpu"]) {
  Deno.test(`parsePair() refuses remote with the backend ${backend ?? "that is the default"}`, () => {
    const { field, reason } = refusal({ source: "./large.onnx", backend, remote: {} });
    assertEquals(field, "models.large.remote");
    assertEquals(
      reason,
      `is given, but the backend is "${backend ?? "wasm"}", expected "remote"`,
    );
  });
}

Deno.test("parsePair() wants every cost stated in a unit that cannot be measured", () => {
  const { field, reason } = refusal({}, { costUnit: "€" });
  assertEquals(field, "models.large.cost");
  assertEquals(
    reason,
    "missing, expected what it costs in €: only milliseconds can be measured",
  );
});

Deno.test("parsePair() takes stated costs without a unit for milliseconds, and measures the others", () => {
  for (const costUnit of [undefined, "ms"]) {
    const { models } = parsePair(pairWith({}, { costUnit }));
    assertEquals([models["small"]?.cost, models["large"]?.cost], [1, undefined]);
  }
});

for (const cost of [0, -1, Infinity, NaN, "1"]) {
  Deno.test(`parsePair() refuses ${cost} (${typeof cost}) as a cost`, () => {
    const { field, reason } = refusal({ cost });
    assertEquals(field, "models.large.cost");
    assert(reason.startsWith("expected number"), reason);
  });
}

for (const costUnit of ["", " €", "€ ", "a".repeat(17), 5]) {
  Deno.test(`parsePair() refuses ${JSON.stringify(costUnit)} as the unit of costs`, () => {
    assertEquals(refusal({ cost: 1 }, { costUnit }).field, "costUnit");
  });
}
