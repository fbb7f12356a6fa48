import type { StartProgress } from "../../cli/shared/mod.ts";
import type { Swapper } from "../../tests/harness/swap/swapper.ts";
import type { Kind } from "../../tests/harness/swap/two_policies.ts";

/** The policies of both pairs, in the order in which swaps lead from one to the next. */
const STATES: readonly (readonly [Kind, Kind])[] = [
  ["safe", "safe"],
  ["fast", "safe"],
  ["fast", "fast"],
  ["safe", "fast"],
];
const SWAPS_PER_MINUTE = 500;
/** Until the server has looked at the files that it has changed, twice. */
const SETTLE_MS = 1000;

/** A stretch of time in which answers count. */
export interface Stretch {
  /** Whether policies were swapped. */
  readonly swapped: boolean;
  /** Its begin, milliseconds. */
  readonly from: number;
  /** Its end. */
  readonly to: number;
  /** Milliseconds of every swap. */
  readonly swaps: readonly number[];
}

/** What {@linkcode takeTurns} needs. */
export interface TurnsOptions {
  /** Swaps policies. */
  readonly swapper: Swapper;
  /** Names of the pairs. */
  readonly pairs: readonly [string, string];
  /** How often both stretches take their turn. */
  readonly rounds: number;
  /** How long each lasts in a round. */
  readonly seconds: number;
  /** Shows how far it has come. */
  readonly progress: StartProgress;
}

/**
 * Lets stretches with swaps and without take turns, after a first one that does not count. With swaps the
 * pairs take turns, 500 swaps a minute in all, so that each of the four states serves for a quarter of the
 * time; without, each of the four serves for a quarter of the time as well.
 *
 * @param options See {@linkcode TurnsOptions}.
 * @returns The stretches.
 * @throws {Error} If a swap fails.
 */
export async function takeTurns(options: TurnsOptions): Promise<Stretch[]> {
  const { swapper, pairs, rounds, seconds, progress } = options;
  const serving: (Kind | undefined)[] = [];
  const swap = async (index: number, kind: Kind | undefined): Promise<number[]> => {
    if (kind === undefined || serving[index] === kind) return [];
    const began = performance.now();
    await swapper.put(pairs[index] as string, kind);
    serving[index] = kind;
    return [performance.now() - began];
  };

  const withoutSwaps = async (state: readonly Kind[]): Promise<Stretch> => {
    for (const [index, kind] of state.entries()) await swap(index, kind);
    await until(performance.now() + SETTLE_MS);
    const from = performance.now();
    await until(from + seconds * 1000 / STATES.length);
    return { swapped: false, from, to: performance.now(), swaps: [] };
  };

  const withSwaps = async (): Promise<Stretch> => {
    for (const index of pairs.keys()) await swap(index, STATES[0]?.[index as 0 | 1]);
    const from = performance.now();
    const count = Math.round(SWAPS_PER_MINUTE / 60 * seconds);
    const swaps: number[] = [];
    for (let done = 0; done < count; done++) {
      await until(from + done * seconds * 1000 / count);
      for (const [index, kind] of STATES[(done + 1) % STATES.length]?.entries() ?? []) {
        swaps.push(...await swap(index, kind));
      }
    }
    await until(from + seconds * 1000);
    return { swapped: true, from, to: performance.now(), swaps };
  };

  const stretches: Stretch[] = [];
  const bar = progress("  stretches", rounds * (STATES.length + 1));
  const add = (stretch: Stretch) => bar.update(stretches.push(stretch));
  try {
    await withSwaps();
    for (let round = 0; round < rounds; round++) {
      for (const state of STATES) add(await withoutSwaps(state));
      add(await withSwaps());
    }
  } finally {
    bar.stop();
  }
  return stretches;
}

async function until(time: number): Promise<void> {
  await new Promise((go) => setTimeout(go, Math.max(0, time - performance.now())));
}
