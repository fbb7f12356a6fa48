import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { ByteBlocks } from "./byte_blocks.ts";
import { withDeadline } from "./deadline.ts";
import { getHttp, type HttpAnswer } from "./http_answer.ts";
import { closeConnection, type ConnectionOptions, openConnection } from "./open_connection.ts";
import { DEFAULT_SOURCE_RULES, type SourceRules } from "./source_rules.ts";

/** Options of {@linkcode downloadModel}. */
export interface DownloadOptions
  extends Partial<SourceRules>, Pick<ConnectionOptions, "lookup" | "caCerts"> {
  /** SHA-256 that the model must have, in lower-case hex. */
  readonly sha256: string;
  /**
   * Milliseconds for all of it.
   *
   * @default 300,000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Is told how many bytes have come, and how many are announced.
   *
   * @default does nothing
   */
  readonly onProgress?: ((bytes: number, announced: number | undefined) => void) | undefined;
}

/** A model that has another hash than it must have. */
export class WrongHashError extends Error {
  /** SHA-256 that it has. */
  readonly actual: string;

  /** Gives both. */
  constructor(actual: string, expected: string) {
    super(`it has SHA-256 ${actual}, expected ${expected}`);
    this.name = "WrongHashError";
    this.actual = actual;
  }
}

/** A download that stalls must not keep the server from becoming ready. */
const TIMEOUT_MS = 300_000;

const MAX_REDIRECTS = 5;

/**
 * Reads a model from the network: over https, from public addresses, up to a size. Each redirect goes by the
 * same rules.
 *
 * @param url Where it is. User and password are sent to its origin only.
 * @param options What it must be, and what is allowed.
 * @returns The model. Nothing has read it but the check of its hash.
 * @throws {WrongHashError} If it has another hash.
 * @throws {Error} If the rules do not allow it, or it cannot be had. The message says why, without URL.
 */
export async function downloadModel(
  url: URL,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { timeoutMs: ms = TIMEOUT_MS } = options;
  const message = `it took more than ${ms / 1000} s`;
  return await withDeadline({ ms, message }, async (signal) => {
    const connection = { ...DEFAULT_SOURCE_RULES, ...options, signal };
    let from = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      try {
        const found = await visit(from, url, connection);
        if (!(found instanceof URL)) return found;
        from = found;
      } catch (error) {
        if (redirects === 0 || error instanceof WrongHashError) throw error;
        throw new Error(`redirected to ${placeOf(from)}: ${(error as Error).message}`);
      }
    }
    throw new Error(`it is redirected more than ${MAX_REDIRECTS} times`);
  });
}

/** Gives the model that is there, or where it is instead. */
async function visit(
  url: URL,
  first: URL,
  options: DownloadOptions & ConnectionOptions,
): Promise<Uint8Array<ArrayBuffer> | URL> {
  const connection = await openConnection(url, options);
  try {
    const authorization = url.origin === first.origin ? basicAuthorization(first) : undefined;
    const answer = await getHttp(connection, url, authorization);
    if ([301, 302, 303, 307, 308].includes(answer.status)) return redirectTarget(url, answer);
    if (answer.status < 200 || answer.status > 299) throw new Error(`status ${answer.status}`);
    return await readBody(answer, options);
  } finally {
    closeConnection(connection);
  }
}

function redirectTarget(url: URL, { status, headers }: HttpAnswer): URL {
  const target = URL.parse(headers.get("location") ?? "", url);
  if (headers.has("location") && target) return target;
  throw new Error(`status ${status} without a Location that is a URL`);
}

async function readBody(
  { headers, announced, body }: HttpAnswer,
  { sha256, maxBytes, onProgress }: DownloadOptions & SourceRules,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") throw new Error("it is compressed, expected the file as it is");
  if (announced !== undefined && announced > maxBytes) {
    const limit = `expected at most ${maxBytes} (SLUICE_MAX_MODEL_BYTES)`;
    throw new Error(`it is announced to have ${announced} bytes, ${limit}`);
  }
  const blocks = new ByteBlocks();
  const hash = createHash("sha256");
  try {
    for await (const part of body) {
      if (blocks.length + part.length > maxBytes) {
        throw new Error(`it has more than ${maxBytes} bytes (SLUICE_MAX_MODEL_BYTES)`);
      }
      hash.update(part);
      blocks.add(part);
      onProgress?.(blocks.length, announced);
    }
    const actual = hash.digest("hex");
    if (actual !== sha256) throw new WrongHashError(actual, sha256);
    return blocks.take();
  } finally {
    blocks.clear();
  }
}

function basicAuthorization({ username, password }: URL): string | undefined {
  if (!username && !password) return undefined;
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

/** Without path and query, which a server makes up as it likes. */
function placeOf({ protocol, host }: URL): string {
  return host === "" ? `a ${protocol} URL` : `${protocol}//${host}`;
}
