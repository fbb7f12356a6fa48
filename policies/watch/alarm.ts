import { show } from "../base/errors.ts";
import { ALARM_BETS, logFactors } from "./bets.ts";
import { checkDelta, checkValues, indexOfValue, ZERO_ONE } from "./support.ts";

/** What an {@linkcode Alarm} watches for. */
export interface AlarmOptions {
  /** The mean that must not be exceeded: above the lowest value, at most the highest. */
  readonly limit: number;
  /**
   * Chance that it ever fires though the mean never exceeds the limit, (0, 0.5].
   *
   * @default 0.05
   */
  readonly delta?: number | undefined;
  /**
   * What can be observed, ascending.
   *
   * @default [0, 1]
   */
  readonly values?: readonly number[] | undefined;
}

/** What an {@linkcode Alarm} remembers, as JSON. */
export interface AlarmState {
  /** The limit that was bet against. */
  readonly limit: number;
  /** What could be observed. */
  readonly values: readonly number[];
  /** Number of observations. */
  readonly n: number;
  /** Capital of each bet, those of every start together. */
  readonly capital: readonly number[];
  /** The observation at which it fired, from 1; `null` if it has not. */
  readonly fired: number | null;
}

/** Observations after which three in ten of the capital that waits for later starts have joined. */
const PATIENCE = 1000;
/** Capital is cut here, which keeps it a number and only weakens the evidence. */
const LARGEST = 1e300;

/** Capital that no bet has had up to the n-th observation: all of it before the first, then half. */
function waitingCapital(n: number): number {
  return n === 0 ? 1 : 0.5 / Math.sqrt(1 + (n - 1) / PATIENCE);
}

/**
 * Says that the mean of what is observed exceeds a limit, at whatever time it begins to.
 *
 * Bets that the mean is above the limit (see {@linkcode logFactors}) begin with half of a capital of 1.
 * The other half waits; before every observation a little of it joins the bets, so that a mean that
 * rises late is bet on with capital that nothing has been lost of. That is the sum over all starts j
 *
 *     E_n = w_n + Σ_{j<n} γ_j Σ_θ p_θ Π_{j<i≤n} (1 + λ_θ (x_i − limit)),  w_n + Σ_{j<n} γ_j = 1,
 *
 * which `M ← (M + γ) · factor` keeps for each bet, so that no start is ever dropped and no past is
 * stored. As long as no observation's mean, given those before, exceeds the limit, E is a nonnegative
 * supermartingale from 1 and reaches 1/δ with a chance of at most δ over all time (Ville 1939).
 *
 * Bets: Waudby-Smith and Ramdas 2024, JRSS B 86, arXiv 2010.09686. Bets restarted at every time to
 * detect a change: Shin, Ramdas and Rinaldo 2022, "E-detectors", arXiv 2203.03532; there without
 * weights that sum to 1, which is faster for late changes and bounds only how often false alarms come.
 *
 * @example Twice the certified rate
 * ```ts
 * import { Alarm } from "./alarm.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const alarm = new Alarm({ limit: 0.05 });
 * for (let n = 1; n <= 2000; n++) alarm.observe(n % 10 === 0 ? 1 : 0);
 * assert(alarm.fired !== null);
 * assertEquals(new Alarm({ limit: 0.05 }, alarm.state).evidence, alarm.evidence);
 * ```
 */
export class Alarm {
  /** The mean that must not be exceeded. */
  readonly limit: number;
  /** Chance of a false alarm. */
  readonly delta: number;
  readonly #values: readonly number[];
  /** For each value what it does to each bet. */
  readonly #factors: readonly (readonly number[])[];
  #n = 0;
  #capital = ALARM_BETS.map(() => 0);
  #fired: number | null = null;

  /**
   * Begins, or goes on from a state.
   *
   * @param options See {@linkcode AlarmOptions}.
   * @param state Of an alarm with this limit and these values.
   * @throws {RangeError} If a number is out of its range, or the state is of another alarm.
   */
  constructor({ limit, delta = 0.05, values = ZERO_ONE }: AlarmOptions, state?: AlarmState) {
    checkDelta(delta);
    checkValues(values);
    const low = values[0] as number;
    const high = values.at(-1) as number;
    if (!(limit > low && limit <= high)) {
      throw new RangeError(
        `Cannot watch limit: expected more than ${low}, at most ${high}, got ${show(limit)}`,
      );
    }
    this.limit = limit;
    this.delta = delta;
    this.#values = [...values];
    this.#factors = logFactors(values, limit, ALARM_BETS).map((logs) => logs.map(Math.exp));
    if (state !== undefined) this.#restore(state);
  }

  #restore({ limit, values, n, capital, fired }: AlarmState): void {
    if (limit !== this.limit || show(values) !== show(this.#values)) {
      throw new RangeError(
        `Cannot restore alarm: expected limit ${this.limit} of ${show(this.#values)}, got ` +
          `${limit} of ${show(values)}`,
      );
    }
    if (capital.length !== ALARM_BETS.length) {
      throw new RangeError(
        `Cannot restore alarm: expected ${ALARM_BETS.length} numbers of capital, got ${capital.length}`,
      );
    }
    this.#n = n;
    this.#capital = [...capital];
    this.#fired = fired;
  }

  /**
   * Takes one observation in.
   *
   * @param value What was observed.
   * @returns Whether the alarm fires now; not again before {@linkcode reset}.
   * @throws {RangeError} If the value is none of those that can be observed.
   */
  observe(value: number): boolean {
    const factors = this.#factors[indexOfValue(value, this.#values)] as readonly number[];
    const joining = waitingCapital(this.#n) - waitingCapital(this.#n + 1);
    ALARM_BETS.forEach(({ weight }, bet) => {
      const capital = (this.#capital[bet] as number) + weight * joining;
      this.#capital[bet] = Math.min(LARGEST, capital * factors[bet]!);
    });
    this.#n++;
    if (this.#fired !== null || this.#total() < 1 / this.delta) return false;
    this.#fired = this.#n;
    return true;
  }

  #total(): number {
    return this.#capital.reduce((sum, one) => sum + one, waitingCapital(this.#n));
  }

  /** The evidence now that the limit is or was exceeded: log₁₀ of the e-value. */
  get evidence(): number {
    return Math.log10(this.#total());
  }

  /** The observation at which it fired, from 1; `null` if it has not. */
  get fired(): number | null {
    return this.#fired;
  }

  /** All that it remembers. */
  get state(): AlarmState {
    return {
      limit: this.limit,
      values: this.#values,
      n: this.#n,
      capital: [...this.#capital],
      fired: this.#fired,
    };
  }

  /** Forgets everything. The chance of a false alarm is `delta` after each reset, anew. */
  reset(): void {
    this.#n = 0;
    this.#capital = ALARM_BETS.map(() => 0);
    this.#fired = null;
  }
}
