/**
 * Whether live traffic still keeps what a policy was certified for: intervals that hold at all times,
 * alarms, and drift against the trace. Pure: no clock, no I/O; state is JSON.
 *
 * @module
 */

export { Alarm, type AlarmOptions, type AlarmState } from "./alarm.ts";
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
