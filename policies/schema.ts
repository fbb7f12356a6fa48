import { z } from "zod";
import type { Certificate, MeanBound, RateBound } from "./certificate.ts";
import { deciderSchema } from "./decider.ts";
import { ALWAYS_PREFIX, type Expected, type PolicyDocument } from "./document.ts";
import { LOSS_KINDS } from "./losses.ts";
import { between, finite, nodeName, stateKey } from "./schema_parts.ts";

/** Largest policy document, in bytes of UTF-8, so that it fits one Deno KV value. */
export const MAX_POLICY_BYTES: number = 60 * 1024;

const hash = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex digits");
const rate = between(0, 1);
const signedRate = between(-1, 1);
const loss = z.enum(LOSS_KINDS);
const delta = rate.describe("The chance that the bound is wrong.");
const n = z.int().min(0).describe("Number of examples.");
const cost = z.number().min(0, "expected 0 or more");

/** Checks a {@linkcode Certificate}. */
export const certificateSchema: z.ZodType<Certificate> = z.strictObject({
  loss: loss.describe("The loss that it is about."),
  alpha: signedRate.describe("The largest mean loss that it allows."),
  delta,
  n,
  risk: signedRate.describe("Observed mean loss."),
  bound: signedRate.describe("Upper confidence bound of the mean loss."),
  method: z.enum(["binomial", "trinomial", "wsr"]).describe("How the bound was computed."),
  split: z.string().min(1).describe("The part of the data that served for nothing else."),
}).describe("P(loss ≤ alpha) ≥ 1 − delta.");

/** Checks an {@linkcode Expected}. */
export const expectedSchema: z.ZodType<Expected> = z.strictObject({
  cost: cost.describe("Milliseconds of compute per request."),
  loss: signedRate.describe("Excess loss over the full model."),
});

/** Checks a bound of the mean cost. */
export const costBoundSchema: z.ZodType<MeanBound> = z.strictObject({
  delta,
  n,
  mean: cost,
  bound: cost,
});

/** Checks a bound of the share of answers that differ from the full model's. */
export const disagreementSchema: z.ZodType<RateBound> = z.strictObject({
  delta,
  n,
  rate,
  bound: rate,
});

const operatingPoint = z.strictObject({
  id: z.string().regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "expected letters, digits, dots, _ and -, at most 64",
  ).describe("Name of the point."),
  nodes: z.record(
    stateKey,
    z.strictObject({
      thresholds: z.array(finite).describe(
        "One fewer than the decider's actions. For a threshold decider in the unit of its " +
          "feature, descending for at_least, ascending for at_most.",
      ),
    }),
  ).describe("One setting for every key of the policy's nodes."),
  lambda: cost.optional().describe("Price of one unit of loss, in milliseconds."),
  expected: expectedSchema.optional().describe(
    "What the point costs and loses on the data that it was chosen on.",
  ),
  certificates: z.array(certificateSchema).optional().describe("What is proved of its loss."),
  cost_bound: costBoundSchema.optional()
    .describe("What is proved of its cost."),
  disagreement: disagreementSchema.optional()
    .describe("What is proved of the share of answers that differ from the full model's."),
  exits: z.record(nodeName, n).optional()
    .describe("How many of the calibration examples exit at each node."),
});

const confidence = z.strictObject({
  node: nodeName.describe("The first node."),
  edges: z.array(rate).min(1).max(31).describe("Bounds between bins, ascending."),
  counts: z.array(n).describe("Number of examples in each bin, one more than the bounds."),
}).refine(
  ({ edges, counts }) => counts.length === edges.length + 1,
  "expected one count more than edges",
).refine(
  ({ edges }) => edges.every((edge, index) => index === 0 || edge > (edges[index - 1] as number)),
  "expected ascending edges",
).describe("The largest probability of the first node's answer, over calibration examples.");

const learnedCombine = z.strictObject({
  weights: z.record(stateKey, z.array(finite).min(1)).describe(
    "One weight for every node of a path, in its order; the key is the path (small>large). On other " +
      "paths the last node answers.",
  ),
}).describe("The weighted sum of the nodes' logits.");

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
  nodes: z.record(stateKey, deciderSchema)
    .describe(
      "What decides at each node. A key is a node (medium) or a whole path (small>medium), which " +
        "goes before the node; at start no model has run yet.",
    ),
  combine: z.union([z.enum(["last", "mean"]), learnedCombine]).optional().meta({
    description:
      "How the answers of the nodes that ran become one: the last one's, the mean of all their " +
      "probabilities, or a learned pool.",
    default: "last",
  }),
  loss: loss.optional().describe("What the policy was learned to keep small; expected counts it."),
  confidence: confidence.optional(),
  certified: z.boolean().optional().describe(
    "Whether the active point has passed what was asked to be proved of it.",
  ),
  measured: z.string().optional().describe("Where the costs were measured."),
  points: z.array(operatingPoint).min(1, POINTS).max(8, POINTS).describe(
    "Operating points: the settings that trade cost for loss.",
  ),
  active: z.string().describe(
    "Id of the operating point that is served, or always:<node>.",
  ),
  provenance: provenance.describe("Where the policy comes from."),
}).superRefine(({ models, points, active }, context) => {
  const ids = points.map((point) => point.id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) === index) return;
    const path = ["points", index, "id"];
    context.addIssue({ code: "custom", path, message: "expected an id of its own", input: id });
  });
  const builtIn = Object.keys(models).map((node) => `${ALWAYS_PREFIX}${node}`);
  const expected = [...ids, ...builtIn];
  if (expected.includes(active)) return;
  const message = `expected one of ${expected.join(", ")}`;
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
