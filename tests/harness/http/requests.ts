import {
  type InferenceRequest,
  type InferenceResponse,
  inferenceResponseSchema,
} from "../../../routes/oip/mod.ts";

/** What a request may leave out where it is not meant to be right. */
type AnyRequest = InferenceRequest | Record<string, unknown>;

/** Headers of a request. */
type RequestHeaders = Readonly<Record<string, string>>;

/** Init of a POST with a JSON body. */
export function postJson(body: unknown, headers: RequestHeaders = {}): RequestInit {
  const type = { "content-type": "application/json" };
  return { method: "POST", headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

/** Init of a POST with an image as body, a PNG file unless the headers say otherwise. */
export function postImage(body: BodyInit, headers: RequestHeaders = {}): RequestInit {
  return { method: "POST", headers: { "content-type": "image/png", ...headers }, body };
}

/** Init of an inference request whose JSON is followed by binary data. */
export function postBinary(
  json: AnyRequest,
  binary: Uint8Array,
  headers: Record<string, string> = {},
): RequestInit {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const body = new Uint8Array(text.length + binary.length);
  body.set(text);
  body.set(binary, text.length);
  const length = { "inference-header-content-length": String(text.length) };
  return { method: "POST", headers: { ...length, ...headers }, body };
}

/** An answer with binary data: its JSON, and the bytes of every output that has some, by name. */
export async function readBinary(
  response: Response,
): Promise<{ json: InferenceResponse; bytes: Record<string, Uint8Array<ArrayBuffer>> }> {
  const length = response.headers.get("inference-header-content-length");
  const body = new Uint8Array(await response.arrayBuffer());
  const text = body.subarray(0, length === null ? body.length : Number(length));
  const json = inferenceResponseSchema.parse(JSON.parse(new TextDecoder().decode(text)));
  const bytes: Record<string, Uint8Array<ArrayBuffer>> = {};
  let at = text.length;
  for (const { name, parameters } of json.outputs) {
    const size = parameters?.["binary_data_size"];
    if (size === undefined) continue;
    bytes[name] = body.slice(at, at + Number(size));
    at += Number(size);
  }
  if (at !== body.length) throw new Error(`${body.length - at} bytes belong to no output`);
  return { json, bytes };
}
