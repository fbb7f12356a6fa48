import { z } from "zod";
import type { Operation } from "../openapi/documented.ts";
import { headers } from "../openapi/headers.ts";
import { DOCS_FILES, SETUP_FILE } from "./docs_files.ts";

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
