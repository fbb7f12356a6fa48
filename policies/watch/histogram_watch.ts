import { compareCounts } from "./chi_square.ts";
import { checkReference, type Reference } from "./reference.ts";
import { checkDelta } from "./support.ts";

/** What one comparison of live traffic with the trace found. */
export interface Look {
  /** Number of the look, from 1. */
  readonly look: number;
  /** Observations up to then. */
  readonly at: number;
  /** Observations since the look before, which are those compared. */
  readonly n: number;
  /** Chance of a difference like this or larger if nothing has moved. */
  readonly p_value: number;
  /** The chance below which this look says that something moved. */
  readonly level: number;
  /** Whether it says so. */
  readonly drifted: boolean;
  /** The share that moved most, in words. */
  readonly sentence: string;
}

/** What a {@linkcode HistogramWatch} remembers, as JSON. */
export interface HistogramState {
  /** Number of observations. */
  readonly n: number;
  /** Observations by bin since the latest look. */
  readonly counts: readonly number[];
  /** The latest look. */
  readonly last: Look | null;
  /** The first look that found drift. */
  readonly drift: Look | null;
}

/** Observations before the first look. */
const FIRST = 500;
/** Most observations of a look, so that drift is found as soon however long it was away. */
const LARGEST = 8000;

/** Observations from one look to the next: twice as many each time, up to the largest. */
function windowOf(look: number): number {
  return Math.min(LARGEST, FIRST * 2 ** Math.min(look - 1, 30));
}

/**
 * Compares a histogram of live traffic with that of the trace, again and again: after 500
 * observations, then of the 1000 that follow, 2000, 4000, and every 8000 from then on. Look k may err
 * with a chance of `6 / (π² k²) · delta`, all looks together of `delta`; the test is Pearson's
 * (see {@linkcode compareCounts}), whose chance is exact only for large counts.
 *
 * Repeated requests are not independent; where a few clients send the same input over and over, it
 * finds that out too.
 *
 * @example
 * ```ts
 * import { HistogramWatch } from "./histogram_watch.ts";
 * import { exitReference } from "./reference.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const watch = new HistogramWatch(exitReference({ small: 740, large: 260 }));
 * for (let n = 0; n < 500; n++) watch.observe(n % 100 < 41 ? 0 : 1);
 * assertEquals(
 *   watch.state.drift?.sentence,
 *   "small answers 41% of requests instead of 74% on the trace",
 * );
 * ```
 */
export class HistogramWatch {
  /** What it is compared with. */
  readonly reference: Reference;
  /** Chance that any look finds drift where there is none. */
  readonly delta: number;
  #n = 0;
  #seen = 0;
  #counts: number[];
  #last: Look | null = null;
  #drift: Look | null = null;

  /**
   * Begins, or goes on from a state.
   *
   * @param reference The histogram on the trace.
   * @param delta Chance that any look finds drift where there is none, (0, 0.5].
   * @param state Of a watch of this reference.
   * @throws {RangeError} If the reference has no examples, delta is out of its range or the state has
   * other bins.
   */
  constructor(reference: Reference, delta = 0.05, state?: HistogramState) {
    checkReference(reference);
    checkDelta(delta);
    const bins = reference.bins.length;
    if (state !== undefined && state.counts.length !== bins) {
      throw new RangeError(
        `Cannot restore ${reference.name}: expected ${bins} bins, got ${state.counts.length}`,
      );
    }
    this.reference = reference;
    this.delta = delta;
    this.#counts = state === undefined ? reference.counts.map(() => 0) : [...state.counts];
    this.#seen = this.#counts.reduce((sum, count) => sum + count, 0);
    this.#n = state?.n ?? 0;
    this.#last = state?.last ?? null;
    this.#drift = state?.drift ?? null;
  }

  /**
   * Takes one observation in.
   *
   * @param bin Index of its bin.
   * @returns The look, if it was time for one.
   * @throws {RangeError} If there is no such bin.
   */
  observe(bin: number): Look | null {
    if (this.#counts[bin] === undefined) {
      throw new RangeError(
        `Cannot watch ${this.reference.name}: expected bin 0 to ${
          this.#counts.length - 1
        }, got ${bin}`,
      );
    }
    this.#counts[bin]++;
    this.#seen++;
    this.#n++;
    if (this.#seen < windowOf((this.#last?.look ?? 0) + 1)) return null;
    this.#last = this.#compare();
    if (this.#last.drifted) this.#drift ??= this.#last;
    this.#counts.fill(0);
    this.#seen = 0;
    return this.#last;
  }

  #compare(): Look {
    const look = (this.#last?.look ?? 0) + 1;
    const level = 6 * this.delta / (Math.PI * look) ** 2;
    const { pValue, moved } = compareCounts(this.#counts, this.reference.counts);
    return {
      look,
      at: this.#n,
      n: this.#seen,
      p_value: pValue,
      level,
      drifted: pValue <= level,
      sentence: this.#describe(moved),
    };
  }

  #describe(bin: number): string {
    const { bins, unit, counts } = this.reference;
    return `${bins[bin]} ${shareOf(this.#counts, bin)} ${unit} instead of ` +
      `${shareOf(counts, bin)} on the trace`;
  }

  /** All that it remembers. */
  get state(): HistogramState {
    return { n: this.#n, counts: [...this.#counts], last: this.#last, drift: this.#drift };
  }
}

function shareOf(counts: readonly number[], bin: number): string {
  const share = (counts[bin] as number) / counts.reduce((sum, count) => sum + count, 0);
  return `${Number((100 * share).toPrecision(3))}%`;
}
