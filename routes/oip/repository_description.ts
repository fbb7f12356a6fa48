import { z } from "zod";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";

/** `$repository_index_request`. */
export interface IndexRequest {
  /** Whether only pairs that can answer are wanted. */
  readonly ready?: boolean | undefined;
}

/** An entry of `$repository_index_response`. */
export interface IndexEntry {
  /** The pair. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Whether it can answer. */
  readonly state: "READY" | "LOADING" | "UNAVAILABLE";
  /** Why it cannot; empty if it can. */
  readonly reason: string;
}

/** Checks an {@linkcode IndexRequest}. */
export const indexRequestSchema: z.ZodType<IndexRequest> = z.object({
  ready: z.boolean().optional(),
});

/** Describes the answer to an {@linkcode IndexRequest}. */
export const indexResponseSchema: z.ZodType<IndexEntry[]> = z.array(z.object({
  name: z.string(),
  version: z.string(),
  state: z.enum(["READY", "LOADING", "UNAVAILABLE"]),
  reason: z.string(),
}));

/** `POST /v2/repository/index`. */
export const listModels: Operation = {
  operationId: "listModels",
  summary: "List the models",
  tags: ["Open Inference Protocol"],
  requestBody: { content: { "application/json": { schema: indexRequestSchema } } },
  responses: {
    200: answer("The pairs.", indexResponseSchema, "cacheControl"),
  },
  problems: ["badRequest", "bodyTooLarge", "invalidInput"],
};
