import { postImage, type TestApp } from "./app.ts";
import { readLivePolicy } from "../files/plugins.ts";
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

/** What {@linkcode policyText} may change. */
export interface PolicyChanges {
  /** The operating point. */
  readonly active?: string;
  /** How often it is certified to differ from the full model. */
  readonly bound?: number;
  /** Makes it another document that does the same. */
  readonly method?: string;
}

/** The policy that ships, changed. */
export async function policyText(
  { active, bound, method }: PolicyChanges = {},
): Promise<string> {
  const document = await readLivePolicy(PAIR);
  const chosen = active ?? document.active;
  const points = document.points.map((point) => {
    if (point.id !== chosen || bound === undefined || !point.disagreement) return point;
    return { ...point, disagreement: { ...point.disagreement, bound } };
  });
  return JSON.stringify({
    ...document,
    active: chosen,
    points,
    provenance: { ...document.provenance, ...(method !== undefined && { method }) },
  });
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
  /** Waits until something is so, and gives it; fails if it never is. */
  until<T>(what: string, look: () => Promise<T | false | undefined>): Promise<T>;
}

const LOOKS = 2000;
const LOOK_MS = 10;

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
      const init = postImage(png);
      const all = { ...init.headers as Record<string, string>, ...headers };
      const response = await request(`${base}/classify`, { ...init, headers: all });
      const body = await response.json();
      if (response.ok) return body;
      throw new Error(`Cannot classify: ${response.status} ${JSON.stringify(body)}`);
    },
    version: async (policy) => {
      const { versions } = await json("GET", "report");
      return versions.find((version: { policy: string }) => version.policy === policy);
    },
    until: async (what, look) => {
      for (let turn = 0; turn < LOOKS; turn++) {
        const seen = await look();
        if (seen) return seen;
        await new Promise((go) => setTimeout(go, LOOK_MS));
      }
      throw new Error(`never ${what}`);
    },
  };
}
