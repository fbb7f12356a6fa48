import { RemoteError } from "./remote_error.ts";

/** Refusals that are about the request rather than the server. */
const REFUSED = [400, 413, 415, 422];

/** Longest part of a server's message that is passed on. */
const MAX_MESSAGE = 200;

/** Room for what an answer says beside its numbers. */
const SPARE_BYTES = 64 * 1024;

/** A request to a server of models. */
export interface RemoteRequest {
  /** Its URL. */
  readonly url: string;
  /** The body of a POST; without it, GET. */
  readonly body?: BodyInit | undefined;
  /** Headers beside the token. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The bearer token. */
  readonly token?: string | undefined;
  /** Milliseconds for the whole of it. */
  readonly timeoutMs: number;
  /** Bytes that the numbers of the answer can take. */
  readonly maxBytes?: number | undefined;
}

/** The body of an answer and its headers. */
export interface RemoteAnswer {
  /** The body. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The headers. */
  readonly headers: Headers;
}

/**
 * Asks a server. Connections stay open for the next request, as `fetch` does it.
 *
 * @param request What to ask.
 * @returns The answer, of a status that means success.
 * @throws {RemoteError} In any other case; its message holds neither the address nor the token.
 */
export async function ask(request: RemoteRequest): Promise<RemoteAnswer> {
  try {
    return await send(request);
  } catch (error) {
    throw withoutToken(asRemoteError(error, request), request.token);
  }
}

async function send(
  { url, body, headers, token, timeoutMs, maxBytes = 0 }: RemoteRequest,
): Promise<RemoteAnswer> {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    // The token is for this address only.
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
    ...(body !== undefined && { body }),
  });
  const bytes = await readBody(response, maxBytes + SPARE_BYTES);
  if (response.ok) return { bytes, headers: response.headers };
  const failure = REFUSED.includes(response.status) ? "refused" : "trouble";
  throw new RemoteError(`status ${response.status}${messageOf(bytes)}`, failure);
}

async function readBody(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > limit) throw new RemoteError(`the answer is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** What a server says of an error, as the protocol has it: `{"error": "…"}`. */
function messageOf(bytes: Uint8Array): string {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(bytes));
    return typeof error === "string" && error !== "" ? `: ${error.slice(0, MAX_MESSAGE)}` : "";
  } catch {
    return "";
  }
}

/**
 * Deno tells in words only how far a request has come; "Connect" is what happens before anything is
 * sent. In 2.5 they are in the error, in 2.9 in its cause.
 */
function asRemoteError(error: unknown, { timeoutMs }: RemoteRequest): RemoteError {
  if (error instanceof RemoteError) return error;
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return new RemoteError(`no answer within ${timeoutMs} ms`);
  }
  const { message, cause } = error as Error;
  const detail = cause instanceof Error ? cause.message : message;
  const [, kind, words] = /client error \((\w+)\): (.*)/s.exec(detail) ?? [];
  if (kind === "Connect") return new RemoteError(`cannot connect: ${words}`, "not sent");
  if (kind !== undefined) return new RemoteError(`the connection failed: ${words}`);
  return new RemoteError(`the connection failed: ${detail.replace(/ for (url )?\(?http\S+/, "")}`);
}

/** A server may repeat what it was sent. */
function withoutToken(error: RemoteError, token: string | undefined): RemoteError {
  if (token === undefined || !error.message.includes(token)) return error;
  return new RemoteError(error.message.replaceAll(token, "[token]"), error.failure);
}
