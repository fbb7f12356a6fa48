import { z } from "zod";
import { costUnit } from "./pairs_description.ts";

/** What a policy would have done with the inputs that the networks answered lately. */
export const dryRunMembers = {
  operating_point: z.string(),
  certified: z.boolean(),
  dry_run: z.strictObject({
    n: z.int().describe("Number of inputs."),
    points: z.array(z.strictObject({
      id: z.string(),
      cost: z.number().nullable(),
      cost_unit: costUnit,
      paths: z.record(z.string(), z.number()).describe("Share of the inputs by path."),
    })),
  }),
} satisfies z.ZodRawShape;

/** The answer to a change of a policy. */
export const changeSchema: z.ZodType = z.strictObject({
  pair: z.string(),
  policy: z.string().describe("The policy that serves now, with its version."),
  version: z.int(),
  changed: z.boolean().describe("Whether there was anything to change."),
  ...dryRunMembers,
}).meta({ id: "PolicyChange" });
