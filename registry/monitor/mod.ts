/**
 * What becomes of the answers: which are compared with the full model, what every version of a policy
 * did, and whether it keeps what is certified of it.
 *
 * @example Half of the inputs are to be compared; which ones is drawn before they run
 * ```ts
 * import { Monitor } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * const monitor = new Monitor({
 *   nodes: ["small", "large"],
 *   shadow: 0.5,
 *   delta: 0.01,
 *   answers: { capacity: 100, ms: 60_000 },
 *   onAlarm: ({ sentence }) => console.log(sentence),
 *   onDrift: (_policy, sentence) => console.log(sentence),
 * });
 * const drawn = monitor.draw(1000);
 * assert(drawn.length > 400 && drawn.length < 600);
 * ```
 *
 * @module
 */

export { type LoggedAnswer } from "./answer_log.ts";
export { type Alarm, Monitor, type MonitorOptions } from "./monitor.ts";
export {
  type Quantity,
  QUANTITY_NAMES,
  type ShadowCounts,
  type VersionReport,
} from "./version_report.ts";
export { type WatchOptions } from "./watch_options.ts";
