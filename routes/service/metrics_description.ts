import { z } from "zod";
import type { Operation } from "../openapi/documented.ts";
import { headers } from "../openapi/headers.ts";

/** `GET /metrics`. */
export const getMetrics: Operation = {
  operationId: "getMetrics",
  summary: "Show what was counted",
  tags: ["Monitoring"],
  responses: {
    200: {
      description: "In Prometheus' text format.",
      headers: headers("cacheControl"),
      content: { "text/plain": { schema: z.string() } },
    },
  },
};
