import { z } from "zod";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";

const indexSchema = z.strictObject({
  name: z.literal("sluice"),
  links: z.record(z.string(), z.string()),
});

/** `GET /`. */
export const getIndex: Operation = {
  operationId: "getIndex",
  summary: "List what there is",
  tags: ["Service"],
  responses: { 200: answer("Links.", indexSchema) },
};
