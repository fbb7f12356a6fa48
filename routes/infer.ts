import { type Context, Hono } from "hono";
import type { RequestIdVariables } from "hono/request-id";
import { timing } from "hono/timing";
import {
  InvalidInputError,
  type LoadedPair,
  type PointRequest,
  type Registry,
} from "../registry/mod.ts";
import { readJson } from "./classify_body.ts";
import { setInferenceHeaders } from "./format.ts";
import { OUTPUT_NAME, readInferRequest } from "./infer_request.ts";
import { readPointHeaders } from "./operating_point.ts";
import { problemResponse } from "./problem.ts";
import type { Services } from "./services.ts";

/** `/v2`: the Open Inference Protocol over JSON; a pair is a model there. */
export function inferRoutes(
  { registry, config }: Services,
): Hono<{ Variables: RequestIdVariables }> {
  const app = new Hono<{ Variables: RequestIdVariables }>();
  app.get("/", (c) => c.json({ name: "sluice", version: "0.1.0", extensions: [] }));
  app.get("/health/live", (c) => c.json({ live: true }));
  app.get("/health/ready", (c) => {
    c.header("cache-control", "no-store");
    return c.json({ ready: registry.ready }, registry.ready ? 200 : 503);
  });
  app.get("/models/:model", (c) => c.json(metadata(registry.get(c.req.param("model")))));
  app.get("/models/:model/ready", (c) => modelReady(c, registry, c.req.param("model")));
  app.post("/models/:model/infer", timing(), async (c) => {
    const pair = registry.get(c.req.param("model"));
    const request = readInferRequest(await readJson(c), pair, config.maxBatch);
    const inference = await registry.infer(pair.spec.name, request.input, {
      policy: request.policy,
      point: onePoint(request.point, readPointHeaders(c)),
      key: c.req.header("sluice-key"),
      id: c.get("requestId"),
      signal: c.req.raw.signal,
    });
    setInferenceHeaders(c, inference);
    const { items, policy } = inference;
    const parameters = {
      policy: policy.name,
      ...(policy.operatingPoint !== null && { operating_point: policy.operatingPoint }),
      route: items.map((item) => item.path.join(">")).join(","),
    };
    const logits = items.flatMap((item) => Array.from(item.logits));
    const shape = [items.length, pair.spec.labels.length];
    return c.json({
      model_name: pair.spec.name,
      ...(request.id !== undefined && { id: request.id }),
      parameters,
      outputs: [{ name: OUTPUT_NAME, datatype: "FP32", shape, data: logits }],
    });
  });
  return app;
}

/** Headers choose as parameters do, but not beside them. */
function onePoint(
  parameter: PointRequest | undefined,
  header: PointRequest | undefined,
): PointRequest | undefined {
  if (!parameter || !header) return parameter ?? header;
  const reason = `is given beside the header ${header.field}, expected one of them`;
  throw new InvalidInputError(parameter.field, reason);
}

function metadata({ spec }: LoadedPair) {
  const { name, datatype, shape } = spec.input;
  return {
    name: spec.name,
    versions: [],
    platform: "sluice",
    inputs: [{ name, datatype, shape: [-1, ...shape] }],
    outputs: [{ name: OUTPUT_NAME, datatype: "FP32", shape: [-1, spec.labels.length] }],
  };
}

/** Not ready is an answer here, not a failure, but it is a problem document with a reason as well. */
function modelReady(c: Context, registry: Registry, name: string): Response {
  c.header("cache-control", "no-store");
  try {
    registry.get(name);
    return c.json({ name, ready: true });
  } catch (error) {
    return problemResponse(error, c);
  }
}
