import type { TestApp } from "./app.ts";
import { postImage } from "../http/requests.ts";
import { readSamples } from "../files/samples.ts";
import { blur, invert, pngOf } from "../files/pictures.ts";

/** The token that the tests start their servers with. */
export const TOKEN = "t";
/** Headers of who has it. */
export const ADMIN: Readonly<Record<string, string>> = { authorization: `Bearer ${TOKEN}` };

const PAIR = "fashion-mnist";

/** The 60 sample images, as they are and spoilt in two ways. */
export interface Pictures {
  readonly clean: readonly Uint8Array<ArrayBuffer>[];
  readonly inverted: readonly Uint8Array<ArrayBuffer>[];
  readonly blurred: readonly Uint8Array<ArrayBuffer>[];
}

/** Reads the sample images. */
export async function readPictures(): Promise<Pictures> {
  const samples = await readSamples();
  return {
    clean: samples.map(({ png }) => png),
    inverted: samples.map(({ pixels }) => pngOf(invert(pixels))),
    blurred: samples.map(({ pixels }) => pngOf(blur(pixels))),
  };
}

/** Talks to the app about one pair. */
export interface Client {
  /** Has an image classified. */
  // deno-lint-ignore no-explicit-any
  classify(png: Uint8Array<ArrayBuffer>, headers?: Readonly<Record<string, string>>): Promise<any>;
  /** Calls something under `/v1/pairs/{pair}/` with the token. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** Calls it, and reads the answer. */
  // deno-lint-ignore no-explicit-any
  json(method: string, path: string, body?: unknown): Promise<any>;
  /** What the monitor says of a version. */
  // deno-lint-ignore no-explicit-any
  version(policy: string): Promise<any>;
}

/** Opens a client; a body that is a text is sent as it is, any other as JSON. */
export function clientOf({ request }: TestApp): Client {
  const base = `/v1/pairs/${PAIR}`;
  const call = (method: string, path: string, body?: unknown) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { ...ADMIN, "content-type": "application/json", "if-match": "*" };
    return request(`${base}/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: text }),
    });
  };
  const json: Client["json"] = async (...options) => await (await call(...options)).json();
  return {
    call,
    json,
    classify: async (png, headers) => {
      const response = await request(`${base}/classify`, postImage(png, headers));
      const body = await response.json();
      if (response.ok) return body;
      throw new Error(`Cannot classify: ${response.status} ${JSON.stringify(body)}`);
    },
    version: async (policy) => {
      const { versions } = await json("GET", "report");
      return versions.find((version: { policy: string }) => version.policy === policy);
    },
  };
}
