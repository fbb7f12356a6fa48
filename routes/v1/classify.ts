import { Hono } from "hono";
import type { RequestIdVariables } from "hono/request-id";
import { timing } from "hono/timing";
import { type Inference, InvalidInputError, type LoadedPair } from "../../registry/mod.ts";
import { describeRoute } from "../http/describe_route.ts";
import { setInferenceHeaders } from "../http/inference_headers.ts";
import { softmax } from "../http/numbers.ts";
import { readPointHeaders } from "../http/operating_point.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { readClassifyBody } from "./classify_body.ts";
import { classify, topKSchema } from "./classify_description.ts";

const DEFAULT_TOP_K = 5;

/** `POST /v1/pairs/{pair}/classify`: an image or a tensor in, labels and the route out. */
export function classifyRoutes(
  { registry, config }: Services,
): Hono<{ Variables: RequestIdVariables }> {
  const app = new Hono<{ Variables: RequestIdVariables }>();
  app.post("/:pair/classify", documented(classify), timing(), async (c) => {
    const pair = registry.get(c.req.param("pair"));
    const topK = readTopK(c.req.query("top_k"), pair);
    const input = await readClassifyBody(c, pair, config);
    const inference = await registry.infer(pair.spec.name, input, {
      policy: c.req.query("policy"),
      point: readPointHeaders(c),
      key: c.req.header("sluice-key"),
      id: c.get("requestId"),
      signal: c.req.raw.signal,
    });
    setInferenceHeaders(c, inference);
    return c.json(describe(inference, topK));
  });
  return app;
}

function readTopK(text: string | undefined, pair: LoadedPair): number {
  const count = pair.spec.labels.length;
  if (text === undefined) return Math.min(DEFAULT_TOP_K, count);
  const read = topKSchema.safeParse(text);
  if (!read.success || read.data > count) {
    throw new InvalidInputError(
      "top_k",
      `is ${JSON.stringify(text)}, expected a whole number from 1 to ${count}`,
    );
  }
  return read.data;
}

function describe(inference: Inference, topK: number) {
  const [item] = inference.items;
  if (!item) throw new Error("Cannot describe an answer without items");
  const { name, labels } = inference.pair.spec;
  const predictions = Array.from(softmax(item.logits), (probability, index) => ({
    label: labels[index],
    index,
    probability,
  }));
  predictions.sort((a, b) => b.probability - a.probability || a.index - b.index);
  return {
    pair: name,
    predictions: predictions.slice(0, topK),
    route: describeRoute(inference, item),
  };
}
