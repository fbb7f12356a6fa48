import { assert, assertEquals } from "@std/assert";
import type { Certificate, TreesDecider, TreesScore } from "./document.ts";
import { validatePolicy } from "./parse.ts";
import { policyJsonSchema } from "./schema.ts";
import { changed, refusalOf } from "../tests/harness/generators/policies.ts";

/** A decider of one tree that splits once. */
function trees(change: Partial<TreesScore>): TreesDecider {
  const score = { bias: 0, depth: 1, inputs: [0], cuts: [0.5], leaves: [-1, 1], ...change };
  return { class: "trees", actions: ["exit", "large"], features: ["margin"], scores: [score] };
}

const CERTIFICATE: Certificate = {
  loss: "signed",
  alpha: 0.01,
  delta: 0.05,
  n: 4000,
  risk: -0.001,
  bound: 0.008,
  method: "wsr",
  split: "calibration",
};

// deno-lint-ignore no-explicit-any
const refused: [name: string, change: (copy: any) => void, pointer: string, reason: string][] = [
  [
    "a missing member",
    (copy) => delete copy.pair,
    "/pair",
    "expected string, got nothing",
  ],
  [
    "an unknown member",
    (copy) => copy.nodes.small.treshold = 1,
    "/nodes/small/treshold",
    "unknown member",
  ],
  [
    "an unknown class",
    (copy) => copy.nodes.small.class = "magic",
    "/nodes/small/class",
    `expected 'threshold' | 'linear' | 'trees', got "magic"`,
  ],
  [
    "an unknown direction",
    (copy) => copy.nodes.small.direction = "up",
    "/nodes/small/direction",
    'expected one of "at_least"|"at_most", got "up"',
  ],
  [
    "a setting of the wrong type",
    (copy) => copy.points[0].nodes.medium.thresholds[0] = "0.5",
    "/points/0/nodes/medium/thresholds/0",
    'expected number, got "0.5"',
  ],
  [
    "an empty name of the pair",
    (copy) => copy.pair = "",
    "/pair",
    'expected string to have >=1 characters, got ""',
  ],
  [
    "a key that is no node",
    (copy) => copy.nodes["a/b~c"] = copy.nodes.small,
    "/nodes/a~1b~0c",
    'expected a node, such as medium, or a path, such as small>medium, got "a/b~c"',
  ],
  [
    "a hash that is none",
    (copy) => copy.models.small = "abc",
    "/models/small",
    'expected 64 lower-case hex digits, got "abc"',
  ],
  [
    "a weight that is NaN",
    (copy) => copy.nodes.medium.scores[0].weights[1] = NaN,
    "/nodes/medium/scores/0/weights/1",
    "expected number, got NaN",
  ],
  [
    "an infinite bias",
    (copy) => copy.nodes.medium.scores[0].bias = Infinity,
    "/nodes/medium/scores/0/bias",
    "expected number, got Infinity",
  ],
  [
    "a NaN threshold",
    (copy) => copy.points[1].nodes.small.thresholds[0] = NaN,
    "/points/1/nodes/small/thresholds/0",
    "expected number, got NaN",
  ],
  [
    "a scale of 0",
    (copy) => copy.nodes.medium.scale[0] = 0,
    "/nodes/medium/scale/0",
    "expected a number from 1e-9 to 1000000000, got 0",
  ],
  [
    "a temperature of 0",
    (copy) => copy.nodes.small.temperature = 0,
    "/nodes/small/temperature",
    "expected a number from 0.01 to 100, got 0",
  ],
  [
    "too few means",
    (copy) => copy.nodes.medium.mean.pop(),
    "/nodes/medium/mean",
    "expected one number per feature, 2, got [0.5]",
  ],
  [
    "too few scales",
    (copy) => copy.nodes.medium.scale = [],
    "/nodes/medium/scale",
    "expected one number per feature, 2, got []",
  ],
  [
    "too many weights",
    (copy) => copy.nodes.medium.scores[0].weights.push(3),
    "/nodes/medium/scores/0/weights",
    "expected one number per feature, 2, got [1,-1,3]",
  ],
  [
    "a linear decider that does not score an action",
    (copy) => copy.nodes.medium.scores = [],
    "/nodes/medium/scores",
    "expected one score per action but the last, 1, got []",
  ],
  [
    "an offset, which linear deciders once had",
    (copy) => copy.points[0].nodes.medium = { offset: 1 },
    "/points/0/nodes/medium/thresholds",
    "expected array, got nothing (and 1 more)",
  ],
  [
    "a tree with a leaf too few",
    (copy) => copy.nodes.medium = trees({ leaves: [1, -1, 0] }),
    "/nodes/medium/scores/0/leaves",
    "expected one number per leaf of 1 trees, 2, got [1,-1,0]",
  ],
  [
    "a tree without a cut",
    (copy) => copy.nodes.medium = trees({ cuts: [] }),
    "/nodes/medium/scores/0/cuts",
    "expected one number per split of 1 trees, 1, got []",
  ],
  [
    "a tree that splits on a feature that is not listed",
    (copy) => copy.nodes.medium = trees({ inputs: [1] }),
    "/nodes/medium/scores/0/inputs/0",
    "expected the index of a feature, below 1, got 1",
  ],
  [
    "a certificate of an unknown method",
    (copy) => copy.points[0].certificates = [{ ...CERTIFICATE, method: "hope" }],
    "/points/0/certificates/0/method",
    'expected one of "binomial"|"trinomial"|"wsr", got "hope"',
  ],
  [
    "a class feature with leading zeros",
    (copy) => copy.nodes.medium.features[1] = "class_01",
    "/nodes/medium/features/1",
    "expected one of max_probability",
  ],
  [
    "an action listed twice",
    (copy) => copy.nodes.small.actions[2] = "exit",
    "/nodes/small/actions",
    'expected no action twice, got ["exit","medium","exit"]',
  ],
  [
    "two points of one id",
    (copy) => copy.points[1].id = "fast",
    "/points/1/id",
    'expected an id of its own, got "fast" (and 1 more)',
  ],
  [
    "an active point that does not exist",
    (copy) => copy.active = "slow",
    "/active",
    'expected one of fast, accurate, always:small, always:medium, always:large, got "slow"',
  ],
  [
    "more than eight points",
    (copy) =>
      copy.points = Array.from({ length: 9 }, (_, id) => ({ ...copy.points[0], id: `${id}` })),
    "/points",
    "expected one to eight operating points",
  ],
  [
    "no points",
    (copy) => copy.points = [],
    "/points",
    "expected one to eight operating points, got []",
  ],
  [
    "provenance without a method",
    (copy) => copy.provenance = {},
    "/provenance/method",
    "expected string, got nothing",
  ],
];

for (const [name, change, pointer, reason] of refused) {
  Deno.test(`validatePolicy() refuses ${name}`, () => {
    const found = refusalOf(() => validatePolicy(changed(change)));
    assertEquals({ stage: found.stage, pointer: found.pointer }, { stage: "schema", pointer });
    assert(found.reason.startsWith(reason), found.reason);
  });
}

Deno.test("validatePolicy() takes trees, class features, combined answers and what is proved", () => {
  const document = changed((copy) => {
    copy.combine = "mean";
    copy.loss = "signed";
    copy.certified = true;
    copy.measured = "wasm, 1 thread";
    copy.nodes.medium = { ...trees({}), features: ["class_7"] };
    Object.assign(copy.points[0], {
      lambda: 12,
      certificates: [CERTIFICATE],
      cost_bound: { delta: 0.05, n: 4000, mean: 1.2, bound: 1.3 },
      disagreement: { delta: 0.05, n: 4000, rate: 0.03, bound: 0.035 },
    });
  });
  assertEquals(validatePolicy(structuredClone(document)), document);
});

Deno.test("validatePolicy() takes a learned pool, and the full model as the active policy", () => {
  const document = changed((copy) => {
    copy.combine = { weights: { "small>medium": [0.2, 0.9] } };
    copy.active = "always:large";
    copy.certified = false;
  });
  assertEquals(validatePolicy(structuredClone(document)), document);
});

Deno.test("validatePolicy() lists the features when one is unknown", () => {
  const document = changed((copy) => copy.nodes.medium.features[1] = "small.confidence");
  const { pointer, reason } = refusalOf(() => validatePolicy(document));
  assertEquals(pointer, "/nodes/medium/features/1");
  assert(reason.startsWith("expected one of max_probability, margin, entropy, "), reason);
});

Deno.test("policies/policy.schema.json is what cli/schema.ts writes", async () => {
  const text = await Deno.readTextFile(new URL("./policy.schema.json", import.meta.url));
  assertEquals(text, policyJsonSchema(), "Run `deno task schema` to write it anew");
});
