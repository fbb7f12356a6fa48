import { Hono } from "hono";
import type { RequestIdVariables } from "hono/request-id";
import { timing } from "hono/timing";
import { InvalidInputError, type PointRequest } from "../../registry/mod.ts";
import { setInferenceHeaders } from "../http/inference_headers.ts";
import { readPointHeaders } from "../http/operating_point.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { findModel, type ModelPath } from "./find_model.ts";
import { readInferenceBody } from "./infer_body.ts";
import { inferOperation } from "./infer_description.ts";
import { readInferRequest } from "./infer_request.ts";
import { inferResponse } from "./infer_response.ts";

type App = Hono<{ Variables: RequestIdVariables }>;

/** `POST …/infer`: tensors in, tensors and the route out. */
export function inferRoutes({ registry, config }: Services, path: ModelPath): App {
  const app: App = new Hono();
  app.post(`${path}/infer`, documented(inferOperation(path)), timing(), async (c) => {
    const pair = findModel(c, registry);
    const body = await readInferenceBody(c, config.maxBodyBytes);
    const request = readInferRequest(body, pair, config);
    const inference = await registry.infer(pair.spec.name, request.input, {
      policy: request.policy,
      point: onePoint(request.point, readPointHeaders(c)),
      key: c.req.header("sluice-key"),
      id: c.get("requestId"),
      signal: c.req.raw.signal,
    });
    setInferenceHeaders(c, inference);
    return inferResponse(c, request, inference);
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
