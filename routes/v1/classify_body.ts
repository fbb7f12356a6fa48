import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import {
  checkTakesTensors,
  elementCount,
  InvalidInputError,
  type LoadedPair,
  type RequestInput,
} from "../../registry/mod.ts";
import { show } from "../../policies/mod.ts";
import { readJsonData } from "../../registry/oip/mod.ts";
import { readJson } from "../http/read_json.ts";
import type { Limits } from "../http/services.ts";
import { tensorBodySchema } from "./classify_description.ts";

const IMAGE_TYPES = ["image/png", "image/jpeg", "image/webp"];
const EXPECTED = [...IMAGE_TYPES, "multipart/form-data", "application/json"].join(", ");

/**
 * Reads the body of a classify request by its media type.
 *
 * @param c The request's context.
 * @param pair The pair that is asked.
 * @param limits Limits of requests.
 * @returns The image, not yet decoded, or the tensor.
 * @throws {HTTPException} 415 for another media type, 400 for a body that is not of its type.
 * @throws {InvalidInputError} If the body does not fit the pair.
 */
export async function readClassifyBody(
  c: Context,
  pair: LoadedPair,
  limits: Limits,
): Promise<RequestInput> {
  const header = c.req.header("content-type");
  const type = header?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (IMAGE_TYPES.includes(type)) {
    return image(new Uint8Array(await c.req.arrayBuffer()), limits);
  }
  if (type === "multipart/form-data") {
    return image(new Uint8Array(await (await readFile(c)).arrayBuffer()), limits);
  }
  if (type === "application/json") return tensor(await readJson(c), pair);
  throw new HTTPException(415, {
    message: `the media type is ${header ?? "not given"}, expected one of ${EXPECTED}`,
  });
}

async function readFile(c: Context): Promise<Blob> {
  let form: FormData;
  try {
    form = await c.req.formData();
  } catch (error) {
    throw new HTTPException(400, {
      message: `the body is not multipart/form-data: ${(error as Error).message}`,
    });
  }
  const file = form.get("file");
  if (file instanceof Blob) return file;
  const fields = [...new Set(form.keys())].join(", ") || "none";
  throw new InvalidInputError("file", `missing among the fields (${fields}), expected an image`);
}

function image(bytes: Uint8Array, { maxPixels }: Limits): RequestInput {
  return { kind: "image", bytes, maxPixels };
}

function tensor(body: unknown, pair: LoadedPair): RequestInput {
  checkTakesTensors(pair.spec, "data");
  const item = pair.spec.input.shape;
  const { data, shape } = tensorBodySchema.safeParse(body).data ?? {};
  if (!sameShape(shape, item) && !sameShape(shape, [1, ...item])) {
    const given = (body as { shape?: unknown } | null)?.shape;
    const reason = `is ${show(given)}, expected ${JSON.stringify(item)}`;
    throw new InvalidInputError("shape", reason);
  }
  return { kind: "tensor", data: readJsonData("FP32", data, elementCount(item), "data"), count: 1 };
}

function sameShape(shape: readonly number[] | undefined, expected: readonly number[]): boolean {
  return shape?.length === expected.length &&
    shape.every((size, axis) => size === expected[axis]);
}
