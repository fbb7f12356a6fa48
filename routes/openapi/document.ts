import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiPathItemObject,
  type ZodOpenApiPathsObject,
} from "zod-openapi";
import { policyDocumentSchema } from "../../policies/mod.ts";
import type { KindName } from "../http/problem_kinds.ts";
import { type DocumentedRoute, documentedRoutes, type ListedRoute } from "./documented.ts";
import { problems, problemSchemas } from "./problems.ts";

/** The document as JSON. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

const ABOUT = "Answers each request with the cheapest model that is good enough for it.\n\n" +
  "Errors are problem documents (RFC 9457), whose `type` names their kind. A path takes HEAD where it " +
  "takes GET; for other methods the answer is 405 with Allow, for other paths 404.";

const TAGS = ["Inference", "Open Inference Protocol", "Pairs", "Policies", "Canary", "Monitoring"];

/**
 * Writes the OpenAPI document of an app from what its routes say of themselves.
 *
 * @param routes All routes of the app.
 * @returns The document, OpenAPI 3.1.
 */
export function openApiDocument(routes: readonly ListedRoute[]): OpenApiDocument {
  const document: ZodOpenApiObject = {
    openapi: "3.1.1",
    info: { title: "Sluice", version: "0.1.0", description: ABOUT, license: MIT },
    servers: [{ url: "/" }],
    tags: [...TAGS, "Service"].map((name) => ({ name })),
    paths: pathsOf(documentedRoutes(routes)),
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "One of the tokens of SLUICE_ADMIN_TOKEN.",
        },
      },
      schemas: {
        Policy: policyDocumentSchema,
        // Those that belong to no operation, too.
        ...Object.fromEntries([...problemSchemas.values()].map((s) => [s.meta()!.id!, s])),
      },
    },
  };
  return createDocument(document);
}

const MIT = { name: "MIT", identifier: "MIT" };

function pathsOf(routes: readonly DocumentedRoute[]): ZodOpenApiPathsObject {
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  for (const { method, path, operation } of routes) {
    const { problems: own = [], isTimed, isHealth, ...described } = operation;
    const kinds: KindName[] = [...own, "internal", ...(isHealth ? [] : ["stopping" as const])];
    const refusals = problems(kinds, isTimed ? ["timing"] : []);
    const responses = { ...described.responses, ...refusals };
    paths[path] = { ...paths[path], [method]: { ...described, responses } };
  }
  return paths;
}
