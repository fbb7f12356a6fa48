import { parsePolicy, type PolicyDocument, type PolicyTarget } from "../../../policies/mod.ts";
import { type Kind, policyText } from "./two_policies.ts";

/** Sends a request to a server, wherever it is. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** What is known of a pair's policy. */
interface Head {
  readonly target: PolicyTarget;
  readonly document: PolicyDocument;
  readonly etag: string;
  readonly version: number;
}

/** Swaps the policies of pairs, and remembers the text of every version. */
export class Swapper {
  readonly #send: Send;
  readonly #token: string;
  readonly #heads = new Map<string, Head>();
  readonly #texts = new Map<string, string>();
  #serial = 0;

  private constructor(send: Send, token: string) {
    this.#send = send;
    this.#token = token;
  }

  /**
   * Reads the policies that serve.
   *
   * @param send Reaches the server.
   * @param token Allows changes.
   * @param targets The pairs.
   * @returns The swapper, which has changed nothing yet.
   */
  static async start(
    send: Send,
    token: string,
    targets: readonly PolicyTarget[],
  ): Promise<Swapper> {
    const swapper = new Swapper(send, token);
    for (const target of targets) {
      const { pair } = target;
      const response = await send(`/v1/pairs/${pair}/policy`);
      const text = await response.text();
      if (!response.ok) throw new Error(`Cannot read the policy of ${pair}: ${text}`);
      swapper.#remember(response, text, { target, document: parsePolicy(text) });
    }
    return swapper;
  }

  /** Texts of all versions that there have been, by name. */
  get texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  /** The latest version of a pair that the server has confirmed. */
  version(pair: string): number {
    return this.#head(pair).version;
  }

  /**
   * Puts one of the two policies of a pair, as a version that there has not been yet.
   *
   * @param pair The pair.
   * @param kind Which of the two.
   * @throws {Error} If the server refuses it.
   */
  async put(pair: string, kind: Kind): Promise<void> {
    const head = this.#head(pair);
    const { document, target: { successors }, etag, version } = head;
    const text = policyText(document, successors, kind, this.#serial++);
    const headers = {
      "authorization": `Bearer ${this.#token}`,
      "content-type": "application/json",
      "if-match": etag,
    };
    const response = await this.#send(`/v1/pairs/${pair}/policy`, {
      method: "PUT",
      headers,
      body: text,
    });
    const answer = await response.text();
    if (!response.ok || JSON.parse(answer).version !== version + 1) {
      throw new Error(`Cannot swap the policy of ${pair}: ${response.status} ${answer}`);
    }
    this.#remember(response, text, head);
  }

  #head(pair: string): Head {
    const head = this.#heads.get(pair);
    if (head) return head;
    throw new Error(`Cannot find pair ${pair}`);
  }

  #remember(
    { headers }: Response,
    text: string,
    { target, document }: Pick<Head, "target" | "document">,
  ): void {
    const name = headers.get("sluice-policy") ?? "";
    const etag = headers.get("etag") ?? "";
    this.#heads.set(target.pair, { target, document, etag, version: versionOf(name) });
    this.#texts.set(name, text);
  }
}

/** The number in the name of a version, `<pair>@<version>`. */
export function versionOf(name: string): number {
  return Number(name.slice(name.lastIndexOf("@") + 1));
}
