import { z } from "zod";

/** The parameter of paths about a pair. */
export const pairPath: z.ZodObject = z.object({
  pair: z.string().describe("Name of a pair, as `GET /v1/pairs` lists it."),
});

/** Headers of inference requests. */
export const inferenceHeaders: z.ZodObject = z.object({
  "Sluice-Operating-Point": z.string().optional()
    .describe("An operating point of the pair's policy, in place of the active one."),
  "Sluice-Max-Loss": z.string().optional().meta({
    description: "The largest certified loss that is wanted, such as `1%` or `0.01`; " +
      "in place of an operating point.",
    examples: ["1%"],
  }),
  "Sluice-Key": z.string().optional()
    .describe("Requests with the same key are answered by the same of policy and canary."),
  "X-Request-Id": z.string().optional()
    .describe("Letters, digits, _, - and =, at most 255; under which feedback may come."),
});

/** Headers of changes that depend on the version that there is. */
export const preconditionHeaders: z.ZodObject = z.object({
  "If-Match": z.string().optional()
    .describe("Entity tags, one of which must be the latest version's; `*` for any."),
  "If-None-Match": z.string().optional()
    .describe("Entity tags that the latest version must not have; `*` where there is to be none."),
});

/** What operations that need a token ask for. */
export const NEEDS_TOKEN: { bearer: string[] }[] = [{ bearer: [] }];
