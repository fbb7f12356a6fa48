import { z } from "zod";
import { answer } from "../openapi/answers.ts";
import { DOCS_FILES } from "./docs_files.ts";
import type { Operation } from "../openapi/documented.ts";
import { headers } from "../openapi/headers.ts";

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

/** `GET /openapi.json`. */
export const getDocument: Operation = {
  operationId: "getOpenApi",
  summary: "Show this document",
  tags: ["Service"],
  responses: {
    200: answer("The document, OpenAPI 3.1.", z.looseObject({ openapi: z.string() })),
  },
};

/** `GET /docs`. */
export const getPage: Operation = {
  operationId: "getDocs",
  summary: "Show this document as a page",
  tags: ["Service"],
  responses: {
    200: {
      description: "The page.",
      headers: headers("cacheControl"),
      content: { "text/html": { schema: z.string() } },
    },
  },
};

/** Name of the script that starts the page. */
export const SETUP_FILE = "setup.js";

/** `GET /docs/{file}`. */
export const getPageFile: Operation = {
  operationId: "getDocsFile",
  summary: "Get a script or a style sheet of the page",
  tags: ["Service"],
  requestParams: {
    path: z.object({ file: z.enum([SETUP_FILE, ...Object.keys(DOCS_FILES)]) }),
  },
  responses: {
    200: {
      description: "The file.",
      headers: headers("cacheControl"),
      content: {
        "text/javascript": { schema: z.string() },
        "text/css": { schema: z.string() },
      },
    },
  },
  problems: ["notFound"],
};
