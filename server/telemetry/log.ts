import {
  configureSync,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type TextFormatter,
} from "@logtape/logtape";
import { trace } from "@opentelemetry/api";
import type { EventKind, ServerEvent } from "../../registry/mod.ts";
import type { AnsweredRequest } from "../../routes/mod.ts";

/** How lines of the log look. */
export type LogFormat = "text" | "json";

/** From which level on lines are written; `off` for none. */
export type LogThreshold = "info" | "warning" | "error" | "off";

const events = getLogger(["sluice", "event"]);
const requests = getLogger(["sluice", "request"]);

/** Whatever is not listed is news, not trouble. */
const LEVELS: Readonly<Partial<Record<EventKind, "warning" | "error">>> = {
  alarm: "warning",
  drift: "warning",
  fall_back_failed: "error",
  node_unavailable: "warning",
  plugin_failed: "error",
  policy_refused: "warning",
  store_failed: "error",
  worker_crashed: "error",
};

/**
 * Sets up the log of this process.
 *
 * @param format How lines look.
 * @param threshold From which level on they are written.
 * @param write Writes a line, without its end.
 */
export function openLog(
  format: LogFormat,
  threshold: LogThreshold,
  write: (line: string) => void,
): void {
  const formatter: TextFormatter = format === "json"
    ? getJsonLinesFormatter({ properties: "flatten", message: "rendered" })
    : getTextFormatter({ timestamp: "rfc3339", value: String });
  configureSync({
    reset: true,
    sinks: { lines: (record) => write(formatter(record).trimEnd()) },
    loggers: [
      { category: "sluice", lowestLevel: threshold === "off" ? null : threshold, sinks: ["lines"] },
      // Of itself it need not tell that it was set up.
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["lines"] },
    ],
  });
}

/** Writes what an operator should know. */
export function logEvent(line: string, event?: ServerEvent): void {
  const level = (event && LEVELS[event.kind]) ?? "info";
  events[level](oneLine(line), { ...event });
}

/** Writes a line for a request: what was asked, what was answered and how, never what was sent. */
export function logRequest(request: AnsweredRequest): void {
  const { method, route, status, seconds, id, pair, policy, path, problem } = request;
  const ms = Number((1000 * seconds).toFixed(1));
  const error = request.error && String(request.error.stack);
  const asked = { method, route, status, ms, request_id: id };
  const fields = { ...asked, pair, policy, path, problem, error, ...traceIds() };
  const how = [pair, path, problem].filter(Boolean).join(" ");
  const line = `${method} ${route} ${status} ${ms} ms ${how || "-"} ${id} ${error ?? ""}`.trim();
  requests[status >= 500 ? "error" : "info"](oneLine(line), fields);
}

/** Messages of others may have several lines; braces would be read as places for values. */
function oneLine(text: string): string {
  return text.replaceAll(/\s*[\n\r]+\s*/g, " ").replaceAll(/[{}]/g, "$&$&");
}

function traceIds(): { trace_id?: string; span_id?: string } {
  const context = trace.getActiveSpan()?.spanContext();
  return context ? { trace_id: context.traceId, span_id: context.spanId } : {};
}
