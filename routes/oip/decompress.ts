import { gunzipSync, inflateSync } from "node:zlib";
import { HTTPException } from "hono/http-exception";

// DecompressionStream takes deflate that is cut off for whole, and has no limit; Node's asynchronous calls
// overflow the stack of Deno 2.5 at 10 MB.
const DECODERS = new Map([["gzip", gunzipSync], ["deflate", inflateSync]]);

/**
 * Undoes the content encoding of a body.
 *
 * @param body The body as it was sent.
 * @param encoding The header `Content-Encoding`: `gzip`, or `deflate`, which is the zlib format in HTTP.
 * @param maxBytes The most bytes that the result may have.
 * @returns The content, in a buffer of its own.
 * @throws {HTTPException} 415 for another encoding, 413 for too much content, 400 if the body is not of
 * its encoding.
 */
export function decompress(
  body: Uint8Array,
  encoding: string,
  maxBytes: number,
): Uint8Array<ArrayBuffer> {
  const name = encoding.trim().toLowerCase();
  const decode = DECODERS.get(name);
  if (!decode) {
    const message = `the content encoding is ${encoding}, expected gzip or deflate`;
    throw new HTTPException(415, { message });
  }
  try {
    // A copy, because small buffers of Node share one, which must not be moved to a worker.
    return new Uint8Array(decode(body, { maxOutputLength: maxBytes }));
  } catch (error) {
    const { code, message: reason } = error as Error & { code?: string };
    if (code === "ERR_BUFFER_TOO_LARGE") {
      const message = `the body is larger than ${maxBytes} bytes, once decompressed`;
      throw new HTTPException(413, { message });
    }
    throw new HTTPException(400, { message: `the body is not ${name}: ${reason}` });
  }
}
