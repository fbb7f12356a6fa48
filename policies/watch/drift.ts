import { type HistogramState, HistogramWatch, type Look } from "./histogram_watch.ts";
import type { Reference } from "./reference.ts";

/** What a {@linkcode DriftWatch} remembers, as JSON: each histogram's state by its name. */
export type DriftState = Readonly<Record<string, HistogramState>>;

/** What a {@linkcode DriftWatch} knows of one histogram. */
export interface HistogramReport {
  /** What it is of. */
  readonly name: string;
  /** Number of observations. */
  readonly n: number;
  /** The latest look at it; `null` before the first. */
  readonly last: Look | null;
  /** The first look at it that found drift. */
  readonly drift: Look | null;
}

/** What a {@linkcode DriftWatch} knows. */
export interface DriftReport {
  /** Chance that anything is said to have drifted where nothing has. */
  readonly delta: number;
  /** Whether any look at any histogram has found drift. */
  readonly drifted: boolean;
  /** What moved, in words, where a difference is clearest; says so where nothing has. */
  readonly sentence: string;
  /** Each histogram. */
  readonly histograms: readonly HistogramReport[];
}

/**
 * Watches whether live traffic looks like the trace: a {@linkcode HistogramWatch} for each of several
 * histograms, which share `delta` equally.
 */
export class DriftWatch {
  readonly #delta: number;
  readonly #watches: ReadonlyMap<string, HistogramWatch>;

  /**
   * Begins, or goes on from a state.
   *
   * @param references Histograms on the trace, with different names, one or more.
   * @param delta Chance that anything is said to have drifted where nothing has, (0, 0.5].
   * @param state Of a watch of these references; histograms that it does not know begin anew.
   * @throws {RangeError} If a reference has no examples, names repeat, delta is out of its range or
   * the state has other bins.
   */
  constructor(references: readonly Reference[], delta = 0.05, state: DriftState = {}) {
    const share = delta / references.length;
    this.#delta = delta;
    this.#watches = new Map(references.map((reference) => {
      const { name } = reference;
      return [name, new HistogramWatch(reference, share, state[name])];
    }));
    if (this.#watches.size === references.length && references.length > 0) return;
    const names = references.map(({ name }) => name).join(", ");
    throw new RangeError(
      `Cannot watch drift: expected histograms of different names, got ${names}`,
    );
  }

  /**
   * Takes one observation in.
   *
   * @param name Name of the histogram.
   * @param bin Index of the bin.
   * @returns The look, if it was time for one.
   * @throws {RangeError} If there is no such histogram or bin.
   */
  observe(name: string, bin: number): Look | null {
    const watch = this.#watches.get(name);
    if (watch !== undefined) return watch.observe(bin);
    const known = [...this.#watches.keys()].join(", ");
    throw new RangeError(`Cannot watch histogram ${name}: expected one of ${known}`);
  }

  /** All that it remembers. */
  get state(): DriftState {
    return Object.fromEntries([...this.#watches].map(([name, watch]) => [name, watch.state]));
  }

  /** What it knows. */
  report(): DriftReport {
    const histograms = [...this.#watches].map(([name, { state }]) => {
      return { name, n: state.n, last: state.last, drift: state.drift };
    });
    const [clearest] = histograms.flatMap(({ last, drift }) => last?.drifted ? [last] : drift ?? [])
      .sort((one, other) => one.p_value - other.p_value);
    return {
      delta: this.#delta,
      drifted: clearest !== undefined,
      sentence: clearest?.sentence ?? "nothing has moved by more than chance explains",
      histograms,
    };
  }
}
