import type { Inference, Log, Registry } from "../../registry/mod.ts";
import type { AnsweredRequest, Telemetry } from "../../routes/mod.ts";
import { logEvent, logRequest } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { nameRequestSpan, traceEvent, traceInference } from "./spans.ts";

/** Tells of what the server does: metrics, spans and the log. */
export class ServerTelemetry implements Telemetry {
  readonly #metrics = new Metrics();
  readonly #write: Log;

  /**
   * Begins to count.
   *
   * @param write Writes a line of the log.
   */
  constructor(write: Log = logEvent) {
    this.#write = write;
  }

  /** Media type of the metrics. */
  get metricsType(): string {
    return this.#metrics.contentType;
  }

  /** The metrics in Prometheus' text format. */
  metrics(): Promise<string> {
    return this.#metrics.text();
  }

  /** Shows the state of a registry from now on. */
  watch(registry: Registry): void {
    this.#metrics.watch(registry);
  }

  /** Takes what an operator should know. */
  readonly log: Log = (line, event) => {
    this.#write(line, event);
    if (!event) return;
    this.#metrics.event(event);
    traceEvent(event);
  };

  /** Takes an answer of a pair, in the context of its request. */
  readonly inferred = (inference: Inference): void => {
    this.#metrics.inference(inference);
    traceInference(inference);
  };

  /** Takes an answered request, in its context. */
  answered(request: AnsweredRequest): void {
    this.#metrics.request(request);
    nameRequestSpan(request);
    logRequest(request);
  }
}
