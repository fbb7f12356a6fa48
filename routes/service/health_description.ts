import { z } from "zod";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";

/** `GET /healthz`. */
export const getHealth: Operation = {
  operationId: "getHealth",
  isHealth: true,
  summary: "Tell that the process answers",
  tags: ["Service"],
  responses: {
    200: answer("It does.", z.strictObject({ status: z.literal("ok") }), "cacheControl"),
  },
};
