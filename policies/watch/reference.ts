import type { ConfidenceReference } from "../document.ts";
import { show } from "../base/errors.ts";

/** A histogram on the trace, and the words for what moves in it. */
export interface Reference {
  /** What it is of, such as `exits`; names it among others. */
  readonly name: string;
  /** Each bin as the beginning of a sentence that a share ends, such as `small answers`. */
  readonly bins: readonly string[];
  /** What the share is of, such as `of requests`. */
  readonly unit: string;
  /** Examples of the trace by bin; of examples that the policy was not learned on. */
  readonly counts: readonly number[];
}

/**
 * How often each node answers.
 *
 * @param exits Examples of the trace that each node answers, by node. {@linkcode Reference.bins} has
 * the same order.
 * @returns The reference, named `exits`.
 *
 * @example
 * ```ts
 * import { exitReference } from "./reference.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { bins, counts } = exitReference({ small: 740, large: 260 });
 * assertEquals(bins, ["small answers", "large answers"]);
 * assertEquals(counts, [740, 260]);
 * ```
 */
export function exitReference(exits: Readonly<Record<string, number>>): Reference {
  return {
    name: "exits",
    bins: Object.keys(exits).map((node) => `${node} answers`),
    unit: "of requests",
    counts: Object.values(exits),
  };
}

/**
 * How sure a node is of its answers.
 *
 * @param confidence The histogram of the trace, as policies hold it.
 * @returns The reference, named `confidence of <node>`; {@linkcode binOf} finds the bin of a confidence.
 */
export function confidenceReference({ node, edges, counts }: ConfidenceReference): Reference {
  const percent = (share: number) => Number((100 * share).toPrecision(6));
  const bins = counts.map((_, bin) => {
    const [from, to] = [edges[bin - 1], edges[bin]];
    if (from === undefined) return `${node} is less than ${percent(to ?? 1)}% sure of`;
    if (to === undefined) return `${node} is at least ${percent(from)}% sure of`;
    return `${node} is ${percent(from)}% to ${percent(to)}% sure of`;
  });
  return { name: `confidence of ${node}`, bins, unit: "of its requests", counts };
}

/**
 * Finds the bin of a value.
 *
 * @param value The value.
 * @param edges Where bins meet, ascending.
 * @returns The number of edges that the value reaches.
 */
export function binOf(value: number, edges: readonly number[]): number {
  let bin = 0;
  while (bin < edges.length && value >= (edges[bin] as number)) bin++;
  return bin;
}

/**
 * Refuses what nothing can be compared with.
 *
 * @param reference The reference.
 * @throws {RangeError} If it has no examples, or not a count for each bin.
 */
export function checkReference({ name, bins, counts }: Reference): void {
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 0;
  if (counts.length !== bins.length || !counts.every(isCount)) {
    throw new RangeError(
      `Cannot watch ${name}: expected a count for each of ${bins.length} bins, got ${show(counts)}`,
    );
  }
  if (!counts.some((count) => count > 0)) {
    throw new RangeError(`Cannot watch ${name}: expected one example or more, got none`);
  }
}
