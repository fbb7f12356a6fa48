import type { Context } from "hono";
import type { Inference } from "../../registry/mod.ts";
import { degradedParameter } from "../http/describe_route.ts";
import { VERSION } from "./find_model.ts";
import { JSON_LENGTH } from "./infer_body.ts";
import type { InferenceResponse } from "./infer_description.ts";
import type { InferRequest } from "./infer_request.ts";
import { writeOutput } from "./wanted_outputs.ts";

/**
 * Answers an inference request: JSON, and binary data after it for the outputs that are wanted so.
 *
 * @param c The request's context.
 * @param request What was asked.
 * @param inference The answer.
 * @returns The response.
 */
export function inferResponse(
  c: Context,
  { id, outputs }: InferRequest,
  inference: Inference,
): Response {
  const { items, pair, policy } = inference;
  const written = outputs.map((wanted) => writeOutput(inference, wanted));
  const answer: InferenceResponse = {
    model_name: pair.spec.name,
    model_version: VERSION,
    ...(id !== undefined && { id }),
    parameters: {
      policy: policy.name,
      ...(policy.operatingPoint !== null && { operating_point: policy.operatingPoint }),
      route: items.map(({ path }) => path.join(">")).join(","),
      ...degradedParameter(items),
    },
    outputs: written.map(({ tensor }) => tensor),
  };
  const parts = written.flatMap(({ bytes }) => bytes ?? []);
  if (parts.length === 0) return c.json(answer);
  const json = new TextEncoder().encode(JSON.stringify(answer));
  return c.body(joined([json, ...parts]), 200, {
    "content-type": "application/octet-stream",
    [JSON_LENGTH]: String(json.length),
  });
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
