import { z } from "zod";
import { type Datatype, DATATYPES } from "../../registry/oip/mod.ts";

/** Names and kinds of additions, such as the route. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** One of the datatypes. */
export const datatypeSchema: z.ZodType<Datatype> = z.enum(
  Object.keys(DATATYPES) as [Datatype, ...Datatype[]],
  `expected one of ${Object.keys(DATATYPES).join(", ")}`,
);

/** Sizes of dimensions. */
export const shapeSchema: z.ZodType<number[]> = z.array(z.int());

/** Describes {@linkcode Parameters}. */
export const parametersSchema: z.ZodType<Parameters> = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]),
);
