import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { InvalidInputError } from "../../registry/mod.ts";
import { decompress } from "./decompress.ts";

/** Header with the length of the JSON before binary data. */
export const JSON_LENGTH = "Inference-Header-Content-Length";

/** The two parts of a body. */
export interface InferenceBody {
  /** What its JSON holds. */
  readonly json: unknown;
  /** What follows the JSON. */
  readonly binary: Uint8Array<ArrayBuffer>;
}

/**
 * Reads the body of an inference request and parts it.
 *
 * @param c The request's context.
 * @param maxBytes The most bytes that it may have, once decompressed.
 * @returns Its parts. The binary one is a view of a buffer that nothing else needs.
 * @throws {HTTPException} 400 if it is not JSON, or what {@linkcode decompress} throws.
 * @throws {InvalidInputError} If the header does not fit the body.
 */
export async function readInferenceBody(c: Context, maxBytes: number): Promise<InferenceBody> {
  const encoding = c.req.header("content-encoding");
  const sent = new Uint8Array(await c.req.arrayBuffer());
  const body = encoding === undefined ? sent : decompress(sent, encoding, maxBytes);
  const length = jsonLength(c.req.header(JSON_LENGTH), body.length);
  return { json: parseJson(body.subarray(0, length)), binary: body.subarray(length) };
}

/**
 * Parses a body of JSON.
 *
 * @throws {HTTPException} 400 if it is none.
 */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    // A TypeError tells of bytes that are not UTF-8, a RangeError of too much nesting.
    throw new HTTPException(400, { message: `the body is not JSON: ${(error as Error).message}` });
  }
}

function jsonLength(header: string | undefined, bodyLength: number): number {
  if (header === undefined) return bodyLength;
  const length = /^\d+$/.test(header) ? Number(header) : NaN;
  if (length <= bodyLength) return length;
  throw new InvalidInputError(
    JSON_LENGTH,
    `is ${header}, expected the length of the JSON, at most the ${bodyLength} bytes of the body`,
  );
}
