import { z } from "zod";
import type { PolicyDocument } from "./document.ts";
import { FEATURE_NAMES } from "./features.ts";

/** Largest policy document, in bytes of UTF-8, so that it fits one Deno KV value. */
export const MAX_POLICY_BYTES: number = 60 * 1024;

const NODE = "[A-Za-z][A-Za-z0-9_-]{0,63}";

function between(low: number, high: number) {
  const message = `expected a number from ${low} to ${high}`;
  return z.number().min(low, message).max(high, message);
}

/** Limits within which no score can overflow, whatever the evidence. */
const finite = between(-1e9, 1e9);

const hash = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex digits");
const nodeName = z.string().regex(
  RegExp(`^${NODE}$`),
  "expected the name of a node: letters, digits, _ and -, at most 64",
);
const stateKey = z.string().regex(
  RegExp(`^${NODE}(>${NODE})*$`),
  "expected a node, such as medium, or a path, such as small>medium",
);
const feature = z.string().regex(
  RegExp(`^(${NODE}\\.)?(${FEATURE_NAMES.join("|")})$`),
  `expected one of ${FEATURE_NAMES.join(", ")}, or one of an earlier node as <node>.<feature>`,
).meta({
  description:
    "A number read from the logits of the current node; <node>.<feature> reads those of " +
    "a node that has run on every path that leads here. agreement is 1 where a node predicts the " +
    "same class as the node before it; entropy is in nats.",
  examples: FEATURE_NAMES,
});
const temperature = between(0.01, 100).optional().meta({
  description: "Divides the logits of every node that this decider reads.",
  default: 1,
});

const thresholdDecider = z.strictObject({
  class: z.literal("threshold"),
  feature,
  direction: z.enum(["at_least", "at_most"]).optional().meta({
    description: "at_least where high means confident (max_probability), at_most where low does " +
      "(entropy).",
    default: "at_least",
  }),
  temperature,
  actions: z.array(nodeName).min(1)
    .refine((actions) => new Set(actions).size === actions.length, "expected no action twice")
    .meta({
      description: 'In order: "exit" or the next node. The first action whose threshold the ' +
        "feature reaches is taken, the last action if it reaches none.",
      uniqueItems: true,
    }),
}).describe("Compares one feature with the thresholds of the operating point.");

const linearScore = z.strictObject({
  bias: finite.describe("The score at the mean of all features."),
  weights: z.array(finite).describe("Change of the score per scaled feature, one per feature."),
});

const linearDecider = z.strictObject({
  class: z.literal("linear"),
  temperature,
  features: z.array(feature),
  mean: z.array(finite).describe("Subtracted from each feature."),
  scale: z.array(between(1e-9, 1e9)).describe("Divides each feature after that."),
  scores: z.record(nodeName, linearScore)
    .refine((scores) => Object.keys(scores).length > 0, "expected at least one action")
    .meta({
      description:
        'The score of each action, "exit" or the next node. The highest is taken; ties ' +
        "go to exit, then to the action listed first.",
      minProperties: 1,
    }),
}).superRefine((decider, context) => {
  const count = decider.features.length;
  const expectLength = (list: readonly number[], ...path: string[]) => {
    if (list.length === count) return;
    const message = `expected one number per feature, ${count}`;
    context.addIssue({ code: "custom", path, message, input: list });
  };
  expectLength(decider.mean, "mean");
  expectLength(decider.scale, "scale");
  for (const [action, { weights }] of Object.entries(decider.scores)) {
    expectLength(weights, "scores", action, "weights");
  }
}).describe(
  "Takes the action with the highest score: bias + Σ weights · (feature − mean) / scale.",
);

const setting = z.union([
  z.strictObject({
    thresholds: z.array(finite).describe(
      "For a threshold decider: one fewer than its actions; descending for at_least, ascending " +
        "for at_most.",
    ),
  }),
  z.strictObject({
    offset: finite.describe("For a linear decider: added to the score of exit."),
  }),
]);

const operatingPoint = z.strictObject({
  id: z.string().regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "expected letters, digits, dots, _ and -, at most 64",
  ).describe("Name of the point."),
  nodes: z.record(stateKey, setting).describe("One setting for every key of the policy's nodes."),
  expected: z.strictObject({
    cost: z.number().min(0, "expected 0 or more").describe("Milliseconds of compute per request."),
    loss: between(-1, 1).describe("Excess loss over the full model."),
  }).optional().describe("What the point costs and loses on the data that it was chosen on."),
});

const POINTS = "expected one to eight operating points";

const provenance = z.strictObject({
  method: z.string().min(1).describe("How the policy was made."),
  note: z.string().optional().describe("Anything a reader should know."),
  date: z.string().optional().describe("When it was made, ISO 8601."),
  data: z.string().optional().describe("The data that it was made from."),
  n: z.int().min(0).optional().describe("Number of examples."),
  split: z.string().optional().describe("Which part of the data."),
  seed: z.int().optional().describe("Seed of the random numbers."),
  tool: z.string().optional().describe("Name and version of the program that made it."),
});

/** The policy document; what depends on the pair is checked when the policy is bound to it. */
export const policyDocumentSchema: z.ZodType<PolicyDocument> = z.strictObject({
  $schema: z.string().optional().describe("Where editors find this schema."),
  pair: z.string().min(1).describe("The pair that the policy is for."),
  models: z.record(nodeName, hash).describe(
    "SHA-256 of every model of the pair. The policy is refused for other weights.",
  ),
  nodes: z.record(
    stateKey,
    z.discriminatedUnion("class", [thresholdDecider, linearDecider]),
  )
    .describe(
      "What decides at each node. A key is a node (medium) or a whole path (small>medium), which " +
        "goes before the node; at start no model has run yet.",
    ),
  points: z.array(operatingPoint).min(1, POINTS).max(8, POINTS).describe(
    "Operating points: the settings that trade cost for loss.",
  ),
  active: z.string().describe("Id of the operating point that is served."),
  provenance: provenance.describe("Where the policy comes from."),
}).superRefine(({ points, active }, context) => {
  const ids = points.map((point) => point.id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) === index) return;
    const path = ["points", index, "id"];
    context.addIssue({ code: "custom", path, message: "expected an id of its own", input: id });
  });
  if (ids.includes(active)) return;
  const message = `expected one of ${ids.join(", ")}`;
  context.addIssue({ code: "custom", path: ["active"], message, input: active });
}).describe("A Sluice policy: which way each input goes through the models of a pair.");

/**
 * The JSON Schema of the policy document, for editors.
 *
 * @returns The text of `policies/policy.schema.json`.
 */
export function policyJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(policyDocumentSchema), null, 2)}\n`;
}
