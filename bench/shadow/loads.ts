import { postImage } from "../../tests/harness/http/requests.ts";

/** What became of one request. */
export interface Asked {
  /** Milliseconds from sending it to having read its answer. */
  readonly ms: number;
  /** The policy that answered; undefined if it failed. */
  readonly policy: string | undefined;
}

/** Sends the next request. */
export type Ask = () => Promise<Asked>;

/** How requests are sent. */
export interface Load {
  /** In words, for the table. */
  readonly name: string;
  /** Sends requests for so many seconds; gives what became of them once the last is answered. */
  readonly run: (ask: Ask, seconds: number) => Promise<Asked[]>;
}

/** Every connection sends a request as soon as it has its answer. */
export function backToBack(connections: number): Load {
  return {
    name: `${connections} connection${connections === 1 ? "" : "s"}, back to back`,
    run: async (ask, seconds) => {
      const end = performance.now() + 1000 * seconds;
      const asked: Asked[] = [];
      await Promise.all(Array.from({ length: connections }, async () => {
        while (performance.now() < end) asked.push(await ask());
      }));
      return asked;
    },
  };
}

/** Requests are sent at a pace, whether those before them are answered or not. */
export function paced(perSecond: number): Load {
  return {
    name: `${perSecond} requests a second`,
    run: async (ask, seconds) => {
      const began = performance.now();
      const asked: Promise<Asked>[] = [];
      for (let turn = 0; turn < perSecond * seconds; turn++) {
        const wait = began + 1000 * turn / perSecond - performance.now();
        if (wait > 0) await new Promise((go) => setTimeout(go, wait));
        asked.push(ask());
      }
      return await Promise.all(asked);
    },
  };
}

/**
 * Asks a server about images in turn.
 *
 * @param address Base URL of the server.
 * @param images PNG files.
 * @param policy The policy that is to answer; the active one unless given.
 * @returns Sends the next one.
 */
export function askAbout(
  address: string,
  images: readonly Uint8Array<ArrayBuffer>[],
  policy?: string,
): Ask {
  const url = `${address}/v1/pairs/fashion-mnist/classify${policy ? `?policy=${policy}` : ""}`;
  let turn = 0;
  return async () => {
    const image = images[turn++ % images.length] as Uint8Array<ArrayBuffer>;
    const began = performance.now();
    try {
      const response = await fetch(url, postImage(image));
      await response.arrayBuffer();
      const name = response.headers.get("sluice-policy") ?? undefined;
      return { ms: performance.now() - began, policy: response.ok ? name : undefined };
    } catch {
      return { ms: performance.now() - began, policy: undefined };
    }
  };
}
