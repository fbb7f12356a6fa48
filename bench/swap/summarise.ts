import { quantile } from "../../registry/runtime/mod.ts";
import type { Outcome } from "../../tests/harness/swap/load.ts";
import type { Replay } from "../../tests/harness/swap/replay.ts";
import { round } from "../../cli/shared/mod.ts";
import type { Stretch } from "./turns.ts";

/** What was found with swaps, without them, or in between, where times do not count. */
export interface Row {
  /** Which of the three. */
  readonly load: "without swaps" | "with swaps" | "in between";
  /** How long it lasted. */
  readonly seconds?: number;
  /** Number of swaps. */
  readonly swaps?: number;
  /** Median time until a swap was confirmed. */
  readonly swap_ms?: number;
  /** Number of requests; each has one image. */
  readonly requests: number;
  /** Requests without an answer. */
  readonly failed: number;
  /** Answers that are not what the version that they name answers. */
  readonly wrong: number;
  /** How many versions answered. */
  readonly versions: number;
  /** Half of the answers were faster. */
  readonly p50_ms?: number;
  /** All but one in a hundred were faster. */
  readonly p99_ms?: number;
  /** All but one in a thousand were faster. */
  readonly p99_9_ms?: number;
  /** How many times that of the load without swaps it is. */
  readonly p99_9_ratio?: number;
}

/**
 * Puts together what became of all requests. One that does not lie in one stretch wholly counts as in
 * between.
 *
 * @param outcomes The requests.
 * @param stretches The stretches in which times count.
 * @param replay Tells what is wrong with an answer.
 * @returns Without swaps, with them, in between.
 */
export function summarise(
  outcomes: readonly Outcome[],
  stretches: readonly Stretch[],
  replay: Replay,
): Row[] {
  const groups = Map.groupBy(outcomes, ({ began, ended }) => {
    return stretches.find(({ from, to }) => from <= began && ended <= to)?.swapped;
  });
  const row = (swapped: boolean | undefined) => {
    const own = stretches.filter((stretch) => stretch.swapped === swapped);
    return describe(own, groups.get(swapped) ?? [], replay);
  };
  const [calm, busy] = [row(false), row(true)];
  const ratio = round((busy.p99_9_ms ?? NaN) / (calm.p99_9_ms ?? NaN), 2);
  return [
    { load: "without swaps", ...calm },
    { load: "with swaps", ...busy, p99_9_ratio: ratio },
    { load: "in between", ...row(undefined) },
  ];
}

function describe(
  stretches: readonly Stretch[],
  outcomes: readonly Outcome[],
  replay: Replay,
): Omit<Row, "load"> {
  const counts = {
    requests: outcomes.length,
    failed: outcomes.filter(({ reply }) => "failure" in reply).length,
    wrong: outcomes.filter((outcome) => replay.disagreement(outcome) !== undefined).length,
    versions: new Set(outcomes.map(({ reply }) => "policy" in reply ? reply.policy : "")).size,
  };
  if (stretches.length === 0) return counts;
  const times = outcomes.map(({ began, ended }) => ended - began).sort((a, b) => a - b);
  const swaps = stretches.flatMap((stretch) => stretch.swaps).sort((a, b) => a - b);
  return {
    seconds: round(stretches.reduce((sum, { from, to }) => sum + to - from, 0) / 1000, 1),
    swaps: swaps.length,
    ...(swaps.length > 0 && { swap_ms: round(quantile(swaps, 0.5)) }),
    ...counts,
    p50_ms: round(quantile(times, 0.5)),
    p99_ms: round(quantile(times, 0.99)),
    p99_9_ms: round(quantile(times, 0.999)),
  };
}
