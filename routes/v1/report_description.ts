import { z } from "zod";
import { LOSS_KINDS } from "../../policies/mod.ts";
import { answer, costUnit } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import { PAIR_PROBLEMS } from "../openapi/problems.ts";
import { pairPath } from "../openapi/requests.ts";

const riskSchema = z.strictObject({
  n: z.int().describe("Number of observations."),
  missing: z.int().describe("Observations that were due and are missing."),
  rate: z.number().nullable().describe("Their mean."),
  interval: z.tuple([z.number(), z.number()]).describe("Holds at all times together."),
  limit: z.number().nullable().describe("The certified mean."),
  delta: z.number().describe("Chance that the interval misses, and chance of a false alarm."),
  evidence: z.number().nullable().describe("log10 of the e-value against the limit."),
  alarm: z.strictObject({ fired: z.boolean(), at: z.int().nullable() }).nullable(),
}).meta({ id: "Risk" });

const lookSchema = z.strictObject({
  look: z.int(),
  at: z.int(),
  n: z.int(),
  p_value: z.number(),
  level: z.number(),
  drifted: z.boolean(),
  sentence: z.string(),
});

const driftSchema = z.strictObject({
  delta: z.number(),
  drifted: z.boolean(),
  sentence: z.string(),
  histograms: z.array(z.strictObject({
    name: z.string(),
    n: z.int(),
    last: lookSchema.nullable(),
    drift: lookSchema.nullable(),
  })),
}).meta({ id: "Drift" });

const versionSchema = z.strictObject({
  policy: z.string(),
  role: z.enum(["active", "canary", "former"]),
  operating_point: z.string().nullable(),
  since: z.iso.datetime(),
  items: z.int(),
  exits: z.record(z.string(), z.number()).describe("Share of the items by the node that answered."),
  degraded: z.int().describe("Items that were answered without a node that the policy chose."),
  cost: z.number().nullable().describe("Mean of an item."),
  full_cost: z.number().nullable().describe("Of the full model alone."),
  cost_unit: costUnit,
  shadow: z.strictObject({
    drawn: z.int(),
    skipped: z.int(),
    compared: z.int(),
    missing: z.int(),
    cost: z.number().nullable(),
  }).describe("What was compared with the full model."),
  trial: z.string().optional().describe("The point that is compared after a fall-back."),
  disagreement: riskSchema,
  loss: riskSchema.extend({
    kind: z.enum(LOSS_KINDS),
  }).nullable(),
  labels: z.strictObject({ n: z.int(), accuracy: z.number().nullable() }),
  full_share: riskSchema.nullable(),
  drift: driftSchema.nullable(),
}).meta({ id: "VersionReport" });

const reportSchema = z.strictObject({
  pair: z.string(),
  serves: z.strictObject({ policy: z.string(), operating_point: z.string().nullable() }),
  canary: z.strictObject({ policy: z.string(), share: z.number() }).nullable(),
  shadow: z.strictObject({ share: z.number(), on: z.boolean(), reason: z.string().optional() }),
  alarm: z.strictObject({ action: z.string(), delta: z.number() }),
  versions: z.array(versionSchema),
}).meta({ id: "Report" });

/** `GET /v1/pairs/{pair}/report`. */
export const getReport: Operation = {
  operationId: "getReport",
  summary: "Show what has become of the answers",
  tags: ["Monitoring"],
  requestParams: { path: pairPath },
  responses: {
    200: answer("By version of the policy.", reportSchema, "cacheControl"),
  },
  problems: [...PAIR_PROBLEMS],
};
