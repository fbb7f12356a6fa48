import { newBar, round } from "../../cli/shared/mod.ts";
import { mean, percentileInterval, resampleMeans } from "../../policies/learn/mod.ts";
import { quantile } from "../../registry/runtime/mod.ts";
import { postImage } from "../../tests/harness/http/requests.ts";
import { LIVE, serve, serveAt } from "./serve.ts";

const WARM_UP = 20;

/** A labelled image, ready to be sent. */
export interface Example {
  /** The file. */
  readonly image: Uint8Array<ArrayBuffer>;
  /** Its media type. */
  readonly type: string;
  /** Index of the right label. */
  readonly label: number;
}

/** What a policy did on all examples. */
interface Answers {
  readonly ms: Float64Array;
  readonly right: Float64Array;
  readonly exits: Map<string, number>;
}

/** Asks about an image; whether the right class is among the answers. */
export async function ask(url: string, { image, type, label }: Example) {
  const started = performance.now();
  const response = await fetch(url, postImage(image, { "content-type": type }));
  const { predictions, route } = await response.json();
  const ms = performance.now() - started;
  const right = predictions.some(({ index }: { index: number }) => index === label);
  return { ms, right: Number(right), exit: String(route.exit) };
}

/** Asks every policy about every example, in turns. */
async function takeTurns(
  pair: string,
  urls: ReadonlyMap<string, string>,
  examples: readonly Example[],
): Promise<Map<string, Answers>> {
  const format = `  ${pair} {bar} {value}/{total} | {eta} s left`;
  const bar = newBar({ format, etaBuffer: 500 });
  bar.start(examples.length, 0);
  for (const example of examples.slice(0, WARM_UP)) {
    for (const url of urls.values()) await ask(url, example);
  }
  const n = examples.length;
  const answers = new Map([...urls.keys()].map((policy): [string, Answers] => {
    return [policy, { ms: new Float64Array(n), right: new Float64Array(n), exits: new Map() }];
  }));
  for (const [index, example] of examples.entries()) {
    for (const [policy, url] of urls) {
      const { ms, right, exit } = await ask(url, example);
      const own = answers.get(policy) as Answers;
      own.ms[index] = ms;
      own.right[index] = right;
      own.exits.set(exit, (own.exits.get(exit) ?? 0) + 1);
    }
    bar.increment();
  }
  bar.stop();
  return answers;
}

/** What to compare. */
export interface Comparison {
  /** Name of the pair. */
  readonly pair: string;
  /** Its full model. */
  readonly full: string;
  /** Operating points, each served by a server of its own. */
  readonly points: readonly string[];
  /** The images. */
  readonly examples: readonly Example[];
  /** Classes among which the right one must be; 1 unless given. */
  readonly topK?: number | undefined;
  /** Folders of plugins, in place of those that ship. */
  readonly plugins?: readonly URL[] | undefined;
}

/** A policy as the server served it. */
export interface ServedRow {
  readonly pair: string;
  readonly policy: string;
  readonly accuracy: number;
  readonly loss: number;
  readonly mean_ms: number;
  readonly median_ms: number;
  readonly p99_ms: number;
  readonly speedup: number;
  readonly ci95: readonly [number, number];
  readonly exits: string;
  readonly n: number;
}

/**
 * Measures operating points against the full model alone, over HTTP, taking turns image by image.
 *
 * @param comparison What to compare.
 * @returns One row per policy, the full model first.
 */
export async function compare(
  { pair, full, points, examples, topK = 1, plugins }: Comparison,
): Promise<ServedRow[]> {
  await using stack = new AsyncDisposableStack();
  const base = stack.use(await serve(LIVE, plugins));
  const path = `/v1/pairs/${pair}/classify?top_k=${topK}`;
  const urls = new Map([[`always:${full}`, `${base.address}${path}&policy=always:${full}`]]);
  for (const point of points) {
    const server = stack.use(await serveAt(pair, point, plugins));
    urls.set(point, `${server.address}${path}`);
  }
  const answers = await takeTurns(pair, urls, examples);
  const baseline = answers.get(`always:${full}`) as Answers;
  const means = resampleMeans([...answers.values()].map(({ ms }) => ms), { seed: 0 });
  return [...answers].map(([policy, { ms, right, exits }], index): ServedRow => {
    const sorted = [...ms.toSorted()];
    const ratios = (means[index] as Float64Array).map((own, replicate) => {
      return (means[0]?.[replicate] as number) / own;
    });
    const [low, high] = index === 0 ? [1, 1] : percentileInterval(ratios);
    const shares = [...exits].toSorted().map(([exit, count]) => {
      return `${exit} ${round(100 * count / examples.length, 1)}%`;
    });
    return {
      pair,
      policy,
      accuracy: round(mean(right), 4),
      loss: round(mean(baseline.right) - mean(right), 4),
      mean_ms: round(mean(ms)),
      median_ms: round(quantile(sorted, 0.5)),
      p99_ms: round(quantile(sorted, 0.99)),
      speedup: round(mean(baseline.ms) / mean(ms), 2),
      ci95: [round(low, 2), round(high, 2)],
      exits: shares.join(", "),
      n: examples.length,
    };
  });
}
