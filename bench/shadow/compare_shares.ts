import { round, type StartProgress } from "../../cli/shared/mod.ts";
import { seededRandom } from "../../policies/learn/stats/mod.ts";
import { quantile } from "../../registry/runtime/mod.ts";
import { type Ask, askAbout, type Asked, type Load } from "./loads.ts";
import { readVersion, type ShadowCounts } from "./read_report.ts";

const REPLICATES = 1000;
const WARM_UP_SECONDS = 1;

/** What {@linkcode compareShares} needs. */
export interface ShareOptions {
  /** Base URLs: a server that compares nothing, one that compares a share. */
  readonly addresses: { readonly without: string; readonly with: string };
  /** How requests are sent; each takes its turn. */
  readonly loads: readonly Load[];
  /** The images, as PNG files. */
  readonly images: readonly Uint8Array<ArrayBuffer>[];
  /** How often each load takes its turn with each server. */
  readonly rounds: number;
  /** How long, each time. */
  readonly seconds: number;
  /** Shows how far it has come. */
  readonly progress: StartProgress;
}

/** What was found under one load with one server. */
export interface ShareRow {
  readonly load: string;
  readonly shadow: "without" | "with";
  readonly requests: number;
  readonly failed: number;
  readonly drawn: number;
  readonly skipped: number;
  readonly compared: number;
  readonly missing: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** How many times that without shadowing it is. */
  readonly p99_ratio?: number;
  /** 95% interval of that, rounds drawn anew. */
  readonly ratio_ci95?: readonly [number, number];
}

const KINDS = ["without", "with"] as const;
type Kind = typeof KINDS[number];

/** Requests of one load with one server, by round, and what was compared of them. */
interface Measured {
  readonly rounds: Asked[][];
  readonly counts: Record<keyof ShadowCounts, number>;
}

/**
 * Measures two servers that both run, one of which is asked at a time: they take turns, and so does who of
 * them is first.
 *
 * @param options See {@linkcode ShareOptions}.
 * @returns Two rows for each load.
 */
export async function compareShares(options: ShareOptions): Promise<ShareRow[]> {
  const { addresses, loads, images, rounds, seconds, progress } = options;
  const asks: Record<Kind, Ask> = {
    without: askAbout(addresses.without, images),
    with: askAbout(addresses.with, images),
  };
  const measured = new Map(loads.map((load): [Load, Record<Kind, Measured>] => {
    return [load, { without: nothing(), with: nothing() }];
  }));
  for (const kind of KINDS) for (const load of loads) await load.run(asks[kind], WARM_UP_SECONDS);
  const bar = progress("  stretches", 2 * rounds * loads.length);
  let done = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [load, own] of measured) {
        for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
          await measure(own[kind], addresses[kind], () => load.run(asks[kind], seconds));
          bar.update(++done);
        }
      }
    }
  } finally {
    bar.stop();
  }
  return [...measured].flatMap(([{ name }, own]) => [
    { load: name, shadow: "without" as const, ...describe(own.without) },
    { load: name, shadow: "with" as const, ...describe(own.with), ...ratioOf(own) },
  ]);
}

function nothing(): Measured {
  return { rounds: [], counts: { drawn: 0, skipped: 0, compared: 0, missing: 0 } };
}

async function measure(
  { rounds, counts }: Measured,
  address: string,
  run: () => Promise<Asked[]>,
): Promise<void> {
  const { shadow: before } = await readVersion(address);
  rounds.push(await run());
  const { shadow: after } = await readVersion(address);
  for (const key of ["drawn", "skipped", "compared", "missing"] as const) {
    counts[key] += after[key] - before[key];
  }
}

function describe({ rounds, counts }: Measured) {
  const asked = rounds.flat();
  const times = timesOf(rounds);
  return {
    requests: asked.length,
    failed: asked.filter(({ policy }) => policy === undefined).length,
    ...counts,
    p50_ms: round(quantile(times, 0.5)),
    p99_ms: round(quantile(times, 0.99)),
  };
}

function timesOf(rounds: readonly Asked[][]): number[] {
  return [...Float64Array.from(rounds.flat(), ({ ms }) => ms).sort()];
}

function ratioOf(own: Record<Kind, Measured>): Pick<ShareRow, "p99_ratio" | "ratio_ci95"> {
  const p99 = (rounds: readonly Asked[][]) => quantile(timesOf(rounds), 0.99);
  const random = seededRandom(0);
  const { length } = own.with.rounds;
  const ratios = Array.from({ length: REPLICATES }, () => {
    // The same rounds of both, which were next to each other.
    const chosen = Array.from({ length }, () => random.below(length));
    const pick = ({ rounds }: Measured) => chosen.map((index) => rounds[index] as Asked[]);
    return p99(pick(own.with)) / p99(pick(own.without));
  }).sort((a, b) => a - b);
  return {
    p99_ratio: round(p99(own.with.rounds) / p99(own.without.rounds), 2),
    ratio_ci95: [round(quantile(ratios, 0.025), 2), round(quantile(ratios, 0.975), 2)],
  };
}
