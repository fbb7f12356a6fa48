import type { Context } from "hono";
import { MAX_POLICY_BYTES, PolicyError } from "../../policies/mod.ts";

/**
 * Reads a policy document from the body. What is too long is not kept, but read to its end within the
 * limit of bodies, so that the client gets the answer.
 *
 * @param c The request's context.
 * @param maxBodyBytes Limit of bodies.
 * @returns The text; nobody has parsed it.
 * @throws {PolicyError} At stage `parse` if it is too long or not UTF-8.
 */
export async function readPolicyBody(c: Context, maxBodyBytes: number): Promise<string> {
  // A byte order mark is not JSON; cut off unseen, GET would not give back what was put.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  let length = 0;
  try {
    for await (const chunk of c.req.raw.body ?? []) {
      length += chunk.length;
      if (length > maxBodyBytes) break;
      if (length <= MAX_POLICY_BYTES) text += decoder.decode(chunk, { stream: true });
    }
    if (length <= MAX_POLICY_BYTES) return text + decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new PolicyError("parse", "", "the text is not UTF-8", { cause });
  }
  throw new PolicyError(
    "parse",
    "",
    `the text is too long, expected at most ${MAX_POLICY_BYTES} bytes`,
  );
}
