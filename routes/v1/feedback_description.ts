import { z } from "zod";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";
import { JSON_PROBLEMS, PAIR_PROBLEMS, TOKEN_PROBLEMS } from "../openapi/problems.ts";
import { NEEDS_TOKEN, pairPath } from "../openapi/requests.ts";

/** The true label of an item. */
export interface Feedback {
  /** Id of the request. */
  readonly id: string;
  /** The label or its index. */
  readonly label: string | number;
  /** Index of the item in the request. */
  readonly item: number;
}

/** Checks a {@linkcode Feedback}. */
export const feedbackSchema: z.ZodType<Feedback> = z.strictObject({
  id: z.string().min(1).describe("X-Request-Id of the answer."),
  label: z.union([z.string(), z.int()], "expected a label or its index"),
  item: z.int().min(0).default(0).describe("Index of the item in the request."),
});

const takenSchema = z.strictObject({
  pair: z.string(),
  id: z.string(),
  item: z.int(),
  policy: z.string().describe("The policy that answered."),
  right: z.boolean().describe("Whether the answer was right."),
}).meta({ id: "TakenFeedback" });

/** `POST /v1/pairs/{pair}/feedback`. */
export const giveFeedback: Operation = {
  operationId: "giveFeedback",
  summary: "Tell the true label of a request",
  tags: ["Monitoring"],
  security: NEEDS_TOKEN,
  requestParams: { path: pairPath },
  requestBody: { required: true, content: { "application/json": { schema: feedbackSchema } } },
  responses: {
    200: answer("The label counts.", takenSchema, "cacheControl", "policy"),
  },
  problems: [...PAIR_PROBLEMS, ...TOKEN_PROBLEMS, ...JSON_PROBLEMS, "unknownRequest"],
};
