import { divergence, logProbabilityOf, type Summary } from "./base/summary.ts";

/** The answers that a feature may look at. */
export interface Answers {
  /** Of the node that the feature is of. */
  readonly own: Summary;
  /** Of the node that ran before it. */
  readonly previous: Summary;
  /** The mean of the probabilities of all nodes up to it. */
  readonly pooled: Summary;
}

/** How a feature is read. */
export interface Reader {
  /** What it looks at. */
  readonly of: keyof Answers;
  /** Which values mean sure: what a threshold on it compares by. */
  readonly direction: "at_least" | "at_most";
  /** Reads it. */
  read(answers: Answers): number;
}

const own = (read: (own: Summary) => number): Reader => ({
  of: "own",
  direction: "at_least",
  read: (answers) => read(answers.own),
});
const previous = (read: (own: Summary, previous: Summary) => number): Reader => ({
  of: "previous",
  direction: "at_least",
  read: (answers) => read(answers.own, answers.previous),
});
const pooled = (read: (pooled: Summary) => number): Reader => ({
  of: "pooled",
  direction: "at_least",
  read: (answers) => read(answers.pooled),
});

/** A feature of which low values mean sure. */
const low = (reader: Reader): Reader => ({ ...reader, direction: "at_most" });

const top5Mass = ({ top }: Summary) => Math.min(1, top.reduce((mass, value) => mass + value));

const overlap = ({ classes }: Summary, { classes: before }: Summary) => {
  const known = classes.filter((index) => index >= 0);
  return known.filter((index) => before.includes(index)).length / known.length;
};

/** How every feature is read that has a name of its own. */
const READERS = {
  max_probability: own(({ top }) => top[0]),
  margin: own(({ top }) => top[0] - top[1]),
  entropy: low(own(({ entropy }) => entropy)),
  log_odds: own(({ logOdds }) => logOdds),
  log_sum_exp: own(({ largest, logSum }) => largest + logSum),
  probability_1: own(({ top }) => top[0]),
  probability_2: low(own(({ top }) => top[1])),
  probability_3: low(own(({ top }) => top[2])),
  probability_4: low(own(({ top }) => top[3])),
  probability_5: low(own(({ top }) => top[4])),
  top_5_mass: own(top5Mass),
  agreement: previous((now, before) => (now.classes[0] === before.classes[0] ? 1 : 0)),
  top_5_overlap: previous(overlap),
  previous_class_probability: previous((now, before) =>
    Math.exp(logProbabilityOf(now, before.classes[0]))
  ),
  divergence: low(previous(divergence)),
  pooled_max_probability: pooled(({ top }) => top[0]),
  pooled_margin: pooled(({ top }) => top[0] - top[1]),
  pooled_entropy: low(pooled(({ entropy }) => entropy)),
  pooled_log_odds: pooled(({ logOdds }) => logOdds),
  pooled_top_5_mass: pooled(top5Mass),
};

/** A number that is read from the answers so far, after temperature scaling. */
export type FeatureName = keyof typeof READERS | `class_${number}`;

/** Names of all features but `class_0`, `class_1`, … */
export const FEATURE_NAMES: readonly FeatureName[] = Object.keys(READERS) as FeatureName[];

/** Regular expression of all names. */
export const FEATURE_PATTERN: string = `${FEATURE_NAMES.join("|")}|class_(?:0|[1-9][0-9]{0,4})`;

const PATTERN = RegExp(`^(?:${FEATURE_PATTERN})$`);

/**
 * Finds how a feature is read.
 *
 * @param name Any text.
 * @returns The reader, or `undefined` if there is no such feature.
 */
export function readerOf(name: string): Reader | undefined {
  if (!PATTERN.test(name)) return undefined;
  if (!name.startsWith("class_")) return READERS[name as keyof typeof READERS];
  const index = Number(name.slice("class_".length));
  return own((summary) => Math.exp(logProbabilityOf(summary, index)));
}
