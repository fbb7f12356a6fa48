import { examplesNeeded } from "../stats/binomial.ts";
import { seededRandom, shuffle } from "../stats/random.ts";
import { allRows } from "./simulate.ts";
import type { Trace } from "../trace/types.ts";

/** What rows of a trace serve for: fitting policies, choosing one, proving it, reporting on it. */
export type PartName = "train" | "validation" | "calibration" | "test";

/** Rows of a trace by what they serve for, ascending; no row serves for two things. */
export type Split = Readonly<Record<PartName, Int32Array>>;

/**
 * Says how many rows every part has.
 *
 * @param split The rows of each part.
 * @returns Such as `310 train, 310 calibration`; parts without rows are left out.
 */
export function saySplit(split: Split): string {
  return Object.entries(split).filter(([, rows]) => rows.length > 0)
    .map(([part, rows]) => `${rows.length} ${part}`).join(", ");
}

/** Half for the proof, which so often decides how fast a policy may be. */
const SHARES: Readonly<Record<PartName, number>> = {
  train: 0.35,
  validation: 0.15,
  calibration: 0.5,
  test: 0.3,
};

/** For the proof as many as show 1% at δ = 5% of a policy without any error. */
const AT_LEAST: Readonly<Record<PartName, number>> = {
  train: 50,
  validation: 25,
  calibration: examplesNeeded(0.01, 0.05),
  test: 25,
};

/**
 * Splits a trace into four disjoint parts, each with the same mix of labels.
 *
 * The rows of part 1 are the test; those of part 0 are dealt to the others. A trace without rows of part
 * 1 has its test dealt from part 0 too.
 *
 * @param trace The trace. Without labels, rows are dealt at random.
 * @param seed An integer that fixes the split.
 * @param shares What each part gets of the rows that are dealt, relative to the others that get some;
 * 0.35, 0.15, 0.5 and 0.3 unless given.
 * @returns The rows of each part.
 * @throws {RangeError} If a share is not a positive number, or a part would have too few rows.
 *
 * @example
 * ```ts
 * import { splitRows } from "./split.ts";
 * import type { Trace } from "../trace/types.ts";
 *
 * function countCalibration(trace: Trace): number {
 *   return splitRows(trace, 1).calibration.length;
 * }
 * ```
 */
export function splitRows(
  trace: Trace,
  seed: number,
  shares: Partial<Readonly<Record<PartName, number>>> = {},
): Split {
  const wanted = Object.entries({ ...SHARES, ...shares }) as [PartName, number][];
  for (const [part, share] of wanted) {
    if (share > 0 && share < Infinity) continue;
    throw new RangeError(
      `Cannot split trace of ${trace.pair}: expected a positive share for ${part}, got ${share}`,
    );
  }
  const reported = allRows(trace, 1);
  const dealt = reported.length > 0 ? wanted.filter(([part]) => part !== "test") : wanted;
  const split = { test: reported, ...deal(trace, seed, dealt) } as Split;
  checkSizes(trace, split, dealt);
  return split;
}

/** Fewest rows of either half: enough to show 5% at δ = 5% of a policy without any error. */
const LEAST_HALF = 100;

/**
 * Splits all rows of a small trace into halves with the same mix of labels: one to learn from, one to
 * certify on. Validation and test stay empty.
 *
 * @param trace The trace. Without labels, rows are dealt at random.
 * @param seed An integer that fixes the split.
 * @returns The rows of each part.
 * @throws {RangeError} If a half would have fewer than 100 rows.
 */
export function splitHalves(trace: Trace, seed: number): Split {
  if (trace.count < 2 * LEAST_HALF) {
    throw new RangeError(
      `Cannot split trace of ${trace.pair}: expected ${2 * LEAST_HALF} rows or more, ` +
        `got ${trace.count}`,
    );
  }
  const none = new Int32Array();
  const halves = deal(trace, seed, [["train", 0.5], ["calibration", 0.5]]);
  return { train: none, calibration: none, ...halves, validation: none, test: none };
}

function deal(
  trace: Trace,
  seed: number,
  shares: readonly [PartName, number][],
): Partial<Split> {
  const random = seededRandom(seed);
  const rows = shuffle(allRows(trace, 0), random);
  // Labels take turns in random order, so that chance decides who gets the only row of a label.
  const labels = shuffle([...Array(trace.classes).keys()], random);
  const turns = new Map(labels.map((label, turn) => [label, turn]));
  const turnOf = (row: number) => turns.get(trace.labels?.[row] ?? 0) ?? 0;
  rows.sort((a, b) => turnOf(a) - turnOf(b));

  const total = shares.reduce((sum, [, share]) => sum + share, 0);
  const hands = shares.map(([part, share]) => ({
    part,
    share: share / total,
    rows: [] as number[],
  }));
  rows.forEach((row, index) => {
    // Whoever is furthest behind its share is next.
    const lag = (hand: typeof hands[number]) => hand.share * (index + 1) - hand.rows.length;
    hands.reduce((last, hand) => lag(hand) > lag(last) ? hand : last).rows.push(row);
  });
  return Object.fromEntries(hands.map((hand) => [hand.part, Int32Array.from(hand.rows).sort()]));
}

function checkSizes(trace: Trace, split: Split, dealt: readonly [PartName, number][]): void {
  const total = dealt.reduce((sum, [, share]) => sum + share, 0);
  for (const [part, least] of Object.entries(AT_LEAST) as [PartName, number][]) {
    const count = split[part].length;
    if (count >= least) continue;
    const [, share] = dealt.find(([name]) => name === part) ?? [];
    const source = share === undefined
      ? "of part 1"
      : `of part 0, which takes ${Math.ceil((least * total) / share)} rows of part 0`;
    throw new RangeError(
      `Cannot split trace of ${trace.pair}: expected ${least} rows or more for ${part} ${source}, ` +
        `got ${count}${share === undefined ? "" : ` of ${allRows(trace, 0).length}`}`,
    );
  }
}
