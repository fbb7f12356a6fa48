import { z } from "zod";
import type { ZodOpenApiResponseObject } from "zod-openapi";
import { type HeaderName, headers } from "./headers.ts";

/**
 * Describes an answer in JSON.
 *
 * @param description What it says.
 * @param schema Of its body.
 * @param names Its headers.
 * @returns The response.
 */
export function answer(
  description: string,
  schema: z.ZodType,
  ...names: readonly HeaderName[]
): ZodOpenApiResponseObject {
  return {
    description,
    headers: headers(...names),
    content: { "application/json": { schema } },
  };
}

/**
 * Describes an answer without a body.
 *
 * @param description What it says.
 * @param names Its headers.
 * @returns The response.
 */
export function empty(
  description: string,
  ...names: readonly HeaderName[]
): ZodOpenApiResponseObject {
  return { description, headers: headers(...names) };
}

/** Names the unit of the costs beside it. */
export const costUnit: z.ZodString = z.string().describe("Unit of the costs.");
