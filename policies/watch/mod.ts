/**
 * Whether live traffic still keeps what a policy was certified for: intervals that hold at all times,
 * alarms, and drift against the trace. Pure: no clock, no I/O; state is JSON.
 *
 * @example Twelve disagreements in a thousand comparisons
 * ```ts
 * import { confidenceInterval } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { lower, upper } = confidenceInterval([988, 12], 0.05);
 * assertEquals([lower.toFixed(4), upper.toFixed(4)], ["0.0035", "0.0277"]);
 * ```
 *
 * @module
 */

export { Alarm, type AlarmOptions, type AlarmState } from "./alarm.ts";
export { type Bet, INTERVAL_BETS, logCapital, logFactors } from "./bets.ts";
export {
  confidenceInterval,
  type Interval,
  lowerLimit,
  upperLimit,
} from "./confidence_sequence.ts";
export { type DriftReport, type DriftState, DriftWatch, type HistogramReport } from "./drift.ts";
export { type HistogramState, HistogramWatch, type Look } from "./histogram_watch.ts";
export { binOf, confidenceReference, exitReference, type Reference } from "./reference.ts";
export {
  type RiskReport,
  RiskWatch,
  type RiskWatchOptions,
  type RiskWatchState,
} from "./risk_watch.ts";
