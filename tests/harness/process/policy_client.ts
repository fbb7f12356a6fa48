import { postImage } from "../http/requests.ts";
import { readSample } from "../files/samples.ts";

/** The pair whose policy these tests change. */
export const PAIR = "fashion-mnist";

/** A token that allows changes. */
export const TOKEN = "test-token";

/** A document that a server has, as it gives it. */
export interface GivenPolicy {
  readonly text: string;
  readonly etag: string;
  /** Such as `fashion-mnist@1`. */
  readonly name: string;
}

/** What a server answers to a document that is sent. */
export interface Put {
  readonly status: number;
  /** Such as `urn:sluice:problem:stale`, if it was refused. */
  readonly problem?: string;
}

/** What a server says of the versions of a policy. */
export interface GivenVersions {
  readonly serves: { readonly policy: string };
  readonly rejected?: string;
  readonly versions: readonly { readonly version: number; readonly policy: string }[];
}

/** The policy of {@linkcode PAIR} on a server. */
export interface PolicyClient {
  /** Reads the document, which makes the server look into its store. */
  get(): Promise<GivenPolicy>;
  /** Sends a document that is to follow another. */
  put(text: string, etag: string): Promise<Put>;
  /** The audit trail, and what serves. */
  versions(): Promise<GivenVersions>;
  /** Classifies a sample and gives the policy that decided; this lets the store alone. */
  decider(): Promise<string>;
}

/** Asks a server over HTTP. */
export function policyClient(address: string): PolicyClient {
  const base = `${address}/v1/pairs/${PAIR}`;
  return {
    get: async () => {
      const response = await fetch(`${base}/policy`);
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      const header = (name: string) => response.headers.get(name) ?? "";
      return { text, etag: header("etag"), name: header("sluice-policy") };
    },
    put: async (text, etag) => {
      const headers = { "authorization": `Bearer ${TOKEN}`, "if-match": etag };
      const response = await fetch(`${base}/policy`, { method: "PUT", headers, body: text });
      const { type } = await response.json();
      return { status: response.status, problem: type };
    },
    versions: async () => await (await fetch(`${base}/policy/versions`)).json(),
    decider: async () => {
      const image = await readSample("0001.png");
      const response = await fetch(`${base}/classify`, postImage(image));
      const answer = await response.json();
      if (!response.ok) throw new Error(JSON.stringify(answer));
      return answer.route.policy;
    },
  };
}
