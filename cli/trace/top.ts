import { leastTop } from "../../policies/learn/trace/mod.ts";

/** A dense trace of more classes than this would be large. */
const MANY_CLASSES = 100;
const DEFAULT_TOP = 64;

/**
 * Reads how many of the largest logits of each answer a trace is to keep.
 *
 * @param text What `--top` says: a number, or `all`; `undefined` where it is not given.
 * @param classes Number of classes of the pair.
 * @returns The number, by default 64 of more than 100 classes; `undefined` for all.
 * @throws {Error} If it is neither, or fewer than a trace may keep, or more than there are.
 */
export function parseTop(text: string | undefined, classes: number): number | undefined {
  if (text === undefined) return classes > MANY_CLASSES ? DEFAULT_TOP : undefined;
  if (text === "all") return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  const least = leastTop(classes);
  if (value >= least && value <= classes) return value;
  throw new Error(
    `Cannot use --top ${text}: expected all, or a whole number from ${least} to ${classes}, ` +
      "the number of classes",
  );
}
