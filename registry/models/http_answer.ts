import { Buffer } from "node:buffer";
import { HTTPParser } from "http-parser-js";

/** What a server answers to a GET. */
export interface HttpAnswer {
  /** The final status; those that only announce it are left out. */
  readonly status: number;
  /** The headers. */
  readonly headers: Headers;
  /** Size of the body as announced; undefined if it is not. */
  readonly announced: number | undefined;
  /** The body, as it comes; a part is valid until the next is asked for. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Most bytes of headers, sizes of chunks and other things between two parts of a body. */
const MAX_BETWEEN = 64 * 1024;

/**
 * Asks for a resource, on a connection of its own.
 *
 * @param connection To its server; is left open.
 * @param url The resource. Its user and password are not sent.
 * @param authorization Value of the header of this name.
 * @returns The answer; its body is still to be read.
 * @throws {Error} If the answer is not HTTP, or not understood. Nothing of it is in the message.
 */
export async function getHttp(
  connection: Deno.Conn,
  url: URL,
  authorization?: string,
): Promise<HttpAnswer> {
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "User-Agent: Sluice",
    "Accept: */*",
    "Accept-Encoding: identity",
    "Connection: close",
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
  ];
  const request = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  for (let sent = 0; sent < request.length;) {
    sent += await connection.write(request.subarray(sent));
  }
  const reader = new AnswerReader(connection);
  const { status, headers } = await reader.head();
  return {
    status,
    headers,
    announced: announcedLength(headers),
    body: reader.body(),
  };
}

/** Reads an answer piece by piece, never more than asked for. */
class AnswerReader {
  readonly #connection: Deno.Conn;
  readonly #parser = new HTTPParser("RESPONSE");
  readonly #piece = Buffer.alloc(MAX_BETWEEN);
  /** Parts of the body within the piece. */
  #parts: Uint8Array[] = [];
  #head: { readonly status: number; readonly headers: Headers } | undefined;
  #complete = false;
  #between = 0;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
    this.#parser[HTTPParser.kOnHeadersComplete] = ({ statusCode: status, headers }) => {
      if (status >= 200) this.#head ??= { status, headers: readHeaders(headers) };
    };
    this.#parser[HTTPParser.kOnBody] = (part, start, length) => {
      if (!this.#complete) this.#parts.push(part.subarray(start, start + length));
    };
    this.#parser[HTTPParser.kOnMessageComplete] = () => {
      this.#complete = this.#head !== undefined;
    };
  }

  async head(): Promise<{ readonly status: number; readonly headers: Headers }> {
    while (!this.#head) await this.#read();
    return this.#head;
  }

  async *body(): AsyncGenerator<Uint8Array> {
    while (true) {
      yield* this.#parts;
      if (this.#complete) return;
      await this.#read();
    }
  }

  async #read(): Promise<void> {
    this.#parts = [];
    const length = await this.#connection.read(this.#piece);
    const result = length === null
      ? this.#parser.finish()
      : this.#parser.execute(this.#piece.subarray(0, length));
    // What comes after the answer is not looked at.
    if (this.#complete) return;
    if (length === null) throw new Error("the answer ends before it is complete");
    if (result instanceof Error) throw new Error("the answer is not HTTP");
    this.#between = this.#parts.length > 0 ? 0 : this.#between + length;
    if (this.#between > MAX_BETWEEN) {
      throw new Error(`more than ${MAX_BETWEEN} bytes of the answer are not of its body`);
    }
  }
}

function readHeaders(list: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < list.length; at += 2) {
    try {
      headers.append(list[at] as string, list[at + 1] as string);
    } catch {
      throw new Error("a header of the answer is not HTTP");
    }
  }
  const encoding = headers.get("transfer-encoding") ?? "chunked";
  if (encoding.toLowerCase() !== "chunked") {
    throw new Error("the answer has a Transfer-Encoding other than chunked");
  }
  return headers;
}

/** The parser takes whatever can be made a number. */
function announcedLength(headers: Headers): number | undefined {
  const text = headers.get("content-length");
  if (text === null) return undefined;
  const [length, ...others] = new Set(text.split(",").map((value) => value.trim()));
  if (length !== undefined && others.length === 0 && /^\d{1,15}$/.test(length)) {
    return Number(length);
  }
  throw new Error("the answer has a Content-Length that is not understood");
}
