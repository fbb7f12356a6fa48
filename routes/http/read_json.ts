import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";

/**
 * Parses the body as JSON.
 *
 * @param c The request's context.
 * @returns What it holds; nobody has checked it.
 * @throws {HTTPException} 400 if it is not JSON.
 */
export async function readJson(c: Context): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    throw new HTTPException(400, { message: `the body is not JSON: ${error.message}` });
  }
}
