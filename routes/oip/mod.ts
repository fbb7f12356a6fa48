/**
 * `/v2`: the Open Inference Protocol over HTTP; a pair is a model there.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { RequestIdVariables } from "hono/request-id";
import { timing } from "hono/timing";
import { InvalidInputError, type LoadedPair, type PointRequest } from "../../registry/mod.ts";
import { setInferenceHeaders } from "../http/format.ts";
import { readPointHeaders } from "../http/operating_point.ts";
import { documented } from "../openapi/documented.ts";
import { getLive, getReady, getServer, listModels, modelOperations } from "./description.ts";
import { problemResponse } from "../http/problem.ts";
import { parseInput } from "../http/parse_input.ts";
import type { Services } from "../http/services.ts";
import { parseJson, readInferenceBody } from "./body.ts";
import { indexRequestSchema } from "./metadata_schemas.ts";
import { describeEntry, describeModel, SERVER } from "./metadata.ts";
import { readInferRequest } from "./request.ts";
import { inferResponse } from "./response.ts";
import { checkVersion } from "./version.ts";

export { JSON_LENGTH } from "./body.ts";

/** The sub-app of the protocol. */
export function oipRoutes(
  { registry, config }: Services,
): Hono<{ Variables: RequestIdVariables }> {
  const app = new Hono<{ Variables: RequestIdVariables }>();
  app.get("/", documented(getServer), (c) => c.json(SERVER));
  app.get("/health/live", documented(getLive), (c) => c.json({ live: true }));
  app.get("/health/ready", documented(getReady), (c) => {
    c.header("cache-control", "no-store");
    return c.json({ ready: registry.ready }, registry.ready ? 200 : 503);
  });
  app.post("/repository/index", documented(listModels), async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const { ready = false } = body.length > 0
      ? parseInput(indexRequestSchema, parseJson(body))
      : {};
    c.header("cache-control", "no-store");
    return c.json(
      registry.list().filter(({ status }) => !ready || status === "ready").map(describeEntry),
    );
  });

  const modelOf = (c: Context): LoadedPair => {
    const { model = "", version } = c.req.param() as { model?: string; version?: string };
    checkVersion(registry.entry(model).name, version);
    return registry.get(model);
  };
  for (const path of ["/models/:model", "/models/:model/versions/:version"]) {
    const { metadata, ready, infer } = modelOperations(path.endsWith(":version"));
    app.get(path, documented(metadata), (c) => c.json(describeModel(modelOf(c).spec)));
    app.get(`${path}/ready`, documented(ready), (c) => {
      c.header("cache-control", "no-store");
      try {
        return c.json({ name: modelOf(c).spec.name, ready: true });
      } catch (error) {
        // Not ready is an answer here, not a failure; it is a problem document with a reason as well.
        return problemResponse(error, c);
      }
    });
    app.post(`${path}/infer`, documented(infer), timing(), async (c) => {
      const pair = modelOf(c);
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
  }
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
