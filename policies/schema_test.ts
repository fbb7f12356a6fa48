import { assert, assertEquals } from "@std/assert";
import { validatePolicy } from "./parse.ts";
import { policyJsonSchema } from "./schema.ts";
import { changed, refusalOf } from "./testing.ts";

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
    `expected 'threshold' | 'linear', got "magic"`,
  ],
  [
    "an unknown direction",
    (copy) => copy.nodes.small.direction = "up",
    "/nodes/small/direction",
    'expected one of "at_least"|"at_most", got "up"',
  ],
  [
    "a setting of the wrong type",
    (copy) => copy.points[0].nodes.medium.offset = "0.5",
    "/points/0/nodes/medium/offset",
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
    (copy) => copy.nodes.medium.scores.large.weights[1] = NaN,
    "/nodes/medium/scores/large/weights/1",
    "expected number, got NaN",
  ],
  [
    "an infinite bias",
    (copy) => copy.nodes.medium.scores.exit.bias = Infinity,
    "/nodes/medium/scores/exit/bias",
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
    (copy) => copy.nodes.medium.scores.exit.weights.push(3),
    "/nodes/medium/scores/exit/weights",
    "expected one number per feature, 2, got [1,0,3]",
  ],
  [
    "a linear decider without actions",
    (copy) => copy.nodes.medium.scores = {},
    "/nodes/medium/scores",
    "expected at least one action, got {}",
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
    'expected one of fast, accurate, got "slow"',
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
