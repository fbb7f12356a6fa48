import { Counter, Gauge, Histogram, type Registry as PromRegistry } from "prom-client";

/** What registers metrics of each kind under this server's names. */
export type MetricKinds = ReturnType<typeof metricKinds>;

/**
 * What registers metrics of each kind, all under `sluice_<name>`.
 *
 * @param registry Where.
 * @returns A function for every kind.
 */
export function metricKinds(registry: PromRegistry) {
  const registers = [registry];
  return {
    counter: <T extends string>(name: string, help: string, labelNames: T[]) =>
      new Counter({ name: `sluice_${name}`, help, labelNames, registers }),
    gauge: <T extends string>(name: string, help: string, labelNames: T[]) =>
      new Gauge({ name: `sluice_${name}`, help, labelNames, registers }),
    histogram: <T extends string>(
      name: string,
      help: string,
      { labelNames, buckets }: { labelNames: T[]; buckets: number[] },
    ) => new Histogram({ name: `sluice_${name}`, help, labelNames, buckets, registers }),
  };
}
