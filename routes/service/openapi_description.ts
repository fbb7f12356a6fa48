import { z } from "zod";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";

/** `GET /openapi.json`. */
export const getDocument: Operation = {
  operationId: "getOpenApi",
  summary: "Show this document",
  tags: ["Service"],
  responses: {
    200: answer("The document, OpenAPI 3.1.", z.looseObject({ openapi: z.string() })),
  },
};
