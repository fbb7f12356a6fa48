import { Gauge, type Registry as PromRegistry } from "prom-client";

/** Gauges of the process, named as Prometheus' own clients name them. */
export interface ProcessGauges {
  /** Resident memory. */
  readonly resident: Gauge;
  /** When the process started. */
  readonly started: Gauge;
}

/**
 * Registers the gauges of the process. Those of prom-client itself need permissions that the server
 * does without.
 *
 * @param registry Where.
 * @returns The gauges.
 */
export function processGauges(registry: PromRegistry): ProcessGauges {
  const registers = [registry];
  return {
    resident: new Gauge({
      name: "process_resident_memory_bytes",
      help: "Resident memory size in bytes.",
      registers,
    }),
    started: new Gauge({
      name: "process_start_time_seconds",
      help: "Start time of the process since unix epoch in seconds.",
      registers,
    }),
  };
}

/** Sets the gauges to what is so at this moment. */
export function collectProcess({ resident, started }: ProcessGauges): void {
  resident.set(Deno.memoryUsage().rss);
  started.set(performance.timeOrigin / 1000);
}
