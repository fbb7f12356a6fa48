/**
 * `/v2`: the Open Inference Protocol over HTTP; a pair is a model there.
 *
 * @example An entry of `/v2/repository/index`
 * ```ts
 * import { indexResponseSchema } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const entry = { name: "fashion-mnist", version: "1", state: "READY", reason: "" };
 * assertEquals(indexResponseSchema.safeParse([entry]).success, true);
 * assertEquals(indexResponseSchema.safeParse([{ ...entry, state: "OK" }]).success, false);
 * ```
 *
 * @module
 */

import { Hono } from "hono";
import type { Services } from "../http/services.ts";
import { MODEL_PATHS } from "./find_model.ts";
import { inferRoutes } from "./infer.ts";
import { modelRoutes } from "./model.ts";
import { repositoryRoutes } from "./repository.ts";
import { serverRoutes } from "./server.ts";

export { JSON_LENGTH } from "./infer_body.ts";
export {
  type InferenceRequest,
  type InferenceResponse,
  inferenceResponseSchema,
} from "./infer_description.ts";
export { modelMetadataSchema } from "./model_description.ts";
export { indexResponseSchema } from "./repository_description.ts";
export { serverMetadataSchema } from "./server_description.ts";

/** The sub-app of the protocol. */
export function oipRoutes(services: Services): Hono {
  const app = new Hono();
  app.route("/", serverRoutes(services));
  app.route("/repository", repositoryRoutes(services));
  for (const path of MODEL_PATHS) {
    app.route("/", modelRoutes(services, path));
    app.route("/", inferRoutes(services, path));
  }
  return app;
}
