import { postJson } from "../http/requests.ts";
import { normalise, readSamples } from "../files/samples.ts";
import type { Send } from "./swapper.ts";

/** What became of one request, which held one image. */
export interface Outcome {
  /** The pair. */
  readonly pair: string;
  /** Index of the image. */
  readonly sample: number;
  /** The latest version that had been confirmed when it was sent. */
  readonly after: number;
  /** When it was sent, milliseconds. */
  readonly began: number;
  /** When its answer had been read. */
  readonly ended: number;
  /** What was answered; the failure, if it was not answered. */
  readonly reply: Reply | { readonly failure: string };
}

/** An answer. */
export interface Reply {
  /** The version that it names. */
  readonly policy: string;
  /** The operating point that it names. */
  readonly point: string;
  /** The nodes that ran, as in `small>large`. */
  readonly route: string;
  /** One number a label. */
  readonly logits: readonly number[];
}

/** What {@linkcode keepAsking} asks. */
export interface Load {
  /** Reaches the server. */
  readonly send: Send;
  /** How many requests are under way at any time. */
  readonly connections: number;
  /** Names of the pairs; requests take turns. */
  readonly pairs: readonly string[];
  /** The images. */
  readonly inputs: readonly Float32Array[];
  /** The latest version of a pair that the server has confirmed. */
  readonly version: (pair: string) => number;
  /** Ends the load. */
  readonly signal: AbortSignal;
}

/**
 * Asks all pairs about all images, over and over, on several connections at the same time.
 *
 * @param load What to ask.
 * @returns What became of every request, once the last is answered after the load was ended.
 */
export async function keepAsking(
  { send, connections, pairs, inputs, version, signal }: Load,
): Promise<Outcome[]> {
  const requests = inputs.map(requestOf);
  const outcomes: Outcome[] = [];
  let turn = 0;
  const connect = async () => {
    while (!signal.aborted) {
      const pair = pairs[turn % pairs.length] as string;
      const sample = Math.floor(turn++ / pairs.length) % inputs.length;
      const after = version(pair);
      const began = performance.now();
      const reply = await ask(send, `/v2/models/${pair}/infer`, requests[sample]);
      const ended = performance.now();
      outcomes.push({ pair, sample, after, began, ended, reply });
      // A server that is gone refuses faster than anybody can count.
      if ("failure" in reply) await new Promise((go) => setTimeout(go, 10));
    }
  };
  await Promise.all(Array.from({ length: connections }, connect));
  return outcomes;
}

/** The sample images, normalised. */
export async function readInputs(): Promise<Float32Array[]> {
  return (await readSamples()).map((sample) => {
    // Four decimals, so that client and server spend less of their time on digits.
    return Float32Array.from(normalise([sample]), (value) => Number(value.toFixed(4)));
  });
}

function requestOf(input: Float32Array): RequestInit {
  const data = Array.from(input, (value) => Number(value.toFixed(4)));
  return postJson({
    inputs: [{ name: "image", datatype: "FP32", shape: [1, 1, 28, 28], data }],
  });
}

async function ask(send: Send, path: string, init?: RequestInit): Promise<Outcome["reply"]> {
  try {
    const response = await send(path, init);
    if (!response.ok) return { failure: `${response.status} ${await response.text()}` };
    const { parameters: { policy, operating_point, route }, outputs } = await response.json();
    return { policy, point: operating_point, route, logits: outputs[0].data };
  } catch (error) {
    return { failure: String(error) };
  }
}
