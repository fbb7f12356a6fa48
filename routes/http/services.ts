import type { Registry } from "../../registry/mod.ts";
import type { Telemetry } from "./telemetry.ts";

/** Limits and origins that the routes enforce. */
export interface Limits {
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number;
  /** Most pixels of an image, before decoding. */
  readonly maxPixels: number;
  /** Most items of an inference request. */
  readonly maxBatch: number;
  /** Origins that browsers may call from; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** Tokens that allow changes; none, and there are no changes. */
  readonly adminTokens: readonly string[];
  /** Number of workers. */
  readonly workers: number;
  /** Share of the inputs that are compared with the full model. */
  readonly shadow: number;
  /** Workers that must stay idle beside the one that compares. */
  readonly shadowSpare: number;
  /** What happens at an alarm. */
  readonly onAlarm: string;
  /** Chance of a false alarm. */
  readonly alarmDelta: number;
}

/** What the routes need. */
export interface Services {
  /** The pairs. */
  readonly registry: Registry;
  /** Limits of requests. */
  readonly config: Limits;
  /** Is told of every request. */
  readonly telemetry: Telemetry;
}
