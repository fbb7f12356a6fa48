import { Alarm, type AlarmState } from "./alarm.ts";
import { lowerLimit, upperLimit } from "./confidence_sequence.ts";
import { checkCounts, checkDelta, checkValues, indexOfValue, ZERO_ONE } from "./support.ts";

/** What a {@linkcode RiskWatch} watches. */
export interface RiskWatchOptions {
  /** Name of the quantity, such as `disagreement` or `top5`. */
  readonly name: string;
  /**
   * The mean that is certified. There is no alarm without one.
   *
   * @default undefined
   */
  readonly limit?: number | undefined;
  /**
   * Chance that the interval ever misses the mean, and chance of a false alarm, (0, 0.5].
   *
   * @default 0.05
   */
  readonly delta?: number | undefined;
  /**
   * What can be observed, ascending: `[0, 1]` for disagreement and errors, `[-1, 0, 1]` for signed
   * losses.
   *
   * @default [0, 1]
   */
  readonly values?: readonly number[] | undefined;
}

/** What a {@linkcode RiskWatch} remembers, as JSON. */
export interface RiskWatchState {
  /** How often each value was observed. */
  readonly counts: readonly number[];
  /** Observations that were due and are missing. */
  readonly missing: number;
  /** The alarm's state, if there is an alarm. */
  readonly alarm: AlarmState | null;
}

/** What a {@linkcode RiskWatch} knows. */
export interface RiskReport {
  /** Name of the quantity. */
  readonly name: string;
  /** Number of observations. */
  readonly n: number;
  /** Observations that were due and are missing. */
  readonly missing: number;
  /** Their mean; `null` where there are none. */
  readonly rate: number | null;
  /** Interval of the mean over all traffic, of a sequence that holds at all times together. */
  readonly interval: readonly [lower: number, upper: number];
  /** The certified mean; `null` where none is. */
  readonly limit: number | null;
  /** Chance that the interval ever misses the mean, and chance of a false alarm. */
  readonly delta: number;
  /** Evidence that the limit is or was exceeded: log₁₀ of the e-value; `null` without a limit. */
  readonly evidence: number | null;
  /**
   * Whether the alarm has fired, and at which observation, from 1, missing ones counted; `null` without
   * a limit.
   */
  readonly alarm: { readonly fired: boolean; readonly at: number | null } | null;
}

/**
 * Watches the mean of one quantity over a random sample of all traffic: an interval of it
 * (see `confidenceInterval`) and an alarm when it exceeds what is certified (see {@linkcode Alarm}).
 *
 * The sample must be drawn before anything is known of the request. A request that was drawn and whose
 * observation failed is {@linkcode miss}ing, and counts for the side that makes each statement
 * weaker: its lowest value for the alarm and the lower end, its highest for the upper end.
 *
 * @example
 * ```ts
 * import { RiskWatch } from "./risk_watch.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const watch = new RiskWatch({ name: "disagreement", limit: 0.05 });
 * for (let n = 0; n < 1000; n++) watch.observe(n % 50 === 0 ? 1 : 0);
 * const { rate, interval: [lower, upper], alarm } = watch.report();
 * assertEquals(rate, 0.02);
 * assert(lower > 0.007 && upper < 0.04);
 * assertEquals(alarm, { fired: false, at: null });
 * ```
 */
export class RiskWatch {
  readonly #name: string;
  readonly #delta: number;
  readonly #values: readonly number[];
  readonly #counts: number[];
  #missing: number;
  readonly #alarm: Alarm | undefined;

  /**
   * Begins, or goes on from a state.
   *
   * @param options See {@linkcode RiskWatchOptions}.
   * @param state Of a watch with this limit and these values.
   * @throws {RangeError} If a number is out of its range, or the state is of another watch.
   */
  constructor(
    { name, limit, delta = 0.05, values = ZERO_ONE }: RiskWatchOptions,
    state?: RiskWatchState,
  ) {
    checkDelta(delta);
    checkValues(values);
    const { counts = values.map(() => 0), missing = 0, alarm = null } = state ?? {};
    checkCounts(counts, values);
    if (!Number.isSafeInteger(missing) || missing < 0) {
      throw new RangeError(`Cannot restore ${name}: expected a count of missing, got ${missing}`);
    }
    this.#name = name;
    this.#delta = delta;
    this.#values = [...values];
    this.#counts = [...counts];
    this.#missing = missing;
    if (limit !== undefined) {
      this.#alarm = new Alarm({ limit, delta, values }, alarm ?? undefined);
    }
  }

  /**
   * Takes one observation in.
   *
   * @param value What was observed.
   * @returns Whether the alarm fires now; not again before {@linkcode reset}.
   * @throws {RangeError} If the value is none of those that can be observed.
   */
  observe(value: number): boolean {
    this.#counts[indexOfValue(value, this.#values)]!++;
    return this.#alarm?.observe(value) ?? false;
  }

  /** Takes in that an observation was due and has failed. */
  miss(): void {
    this.#missing++;
    this.#alarm?.observe(this.#values[0] as number);
  }

  /** Whether the alarm has fired. */
  get fired(): boolean {
    return this.#alarm !== undefined && this.#alarm.fired !== null;
  }

  /** All that it remembers. */
  get state(): RiskWatchState {
    return {
      counts: [...this.#counts],
      missing: this.#missing,
      alarm: this.#alarm?.state ?? null,
    };
  }

  /** What it knows. */
  report(): RiskReport {
    const n = this.#counts.reduce((sum, count) => sum + count);
    const sum = this.#counts.reduce((total, count, index) => {
      return total + count * (this.#values[index] as number);
    }, 0);
    const alarm = this.#alarm;
    return {
      name: this.#name,
      n,
      missing: this.#missing,
      rate: n === 0 ? null : sum / n,
      interval: [
        lowerLimit(this.#countsWithMissing(0), this.#delta / 2, this.#values),
        upperLimit(this.#countsWithMissing(-1), this.#delta / 2, this.#values),
      ],
      limit: alarm?.limit ?? null,
      delta: this.#delta,
      evidence: alarm?.evidence ?? null,
      alarm: alarm === undefined ? null : { fired: alarm.fired !== null, at: alarm.fired },
    };
  }

  #countsWithMissing(at: 0 | -1): number[] {
    const counts = [...this.#counts];
    const index = at === 0 ? 0 : counts.length - 1;
    counts[index]! += this.#missing;
    return counts;
  }

  /** Forgets everything. The chances of error are `delta` after each reset, anew. */
  reset(): void {
    this.#counts.fill(0);
    this.#missing = 0;
    this.#alarm?.reset();
  }
}
