import { Hono } from "hono";
import type { PairSpec } from "../../registry/mod.ts";
import { problemResponse } from "../http/problem.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { findModel, type ModelPath, VERSION } from "./find_model.ts";
import { describeInputs } from "./inputs.ts";
import { type ModelMetadata, modelOperations } from "./model_description.ts";
import { describeOutputs } from "./outputs.ts";

/** What a pair takes and gives as a model, and whether it is ready. */
export function modelRoutes({ registry }: Services, path: ModelPath): Hono {
  const app = new Hono();
  const { metadata, ready } = modelOperations(path);
  app.get(path, documented(metadata), (c) => c.json(describeModel(findModel(c, registry).spec)));
  app.get(`${path}/ready`, documented(ready), (c) => {
    c.header("cache-control", "no-store");
    try {
      return c.json({ name: findModel(c, registry).spec.name, ready: true });
    } catch (error) {
      // Not ready is an answer here, not a failure; it is a problem document with a reason as well.
      return problemResponse(error, c);
    }
  });
  return app;
}

function describeModel(spec: PairSpec): ModelMetadata {
  return {
    name: spec.name,
    versions: [VERSION],
    platform: "sluice",
    inputs: describeInputs(spec),
    outputs: describeOutputs(spec),
  };
}
