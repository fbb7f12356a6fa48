import type { Report } from "../../policies/learn/mod.ts";
import type { Machine } from "../../cli/shared/mod.ts";

/** The root of the project. */
export const ROOT: URL = new URL("../../", import.meta.url);

/** What a benchmark wrote. */
export interface Measured<Row> {
  /** Where it ran. */
  readonly machine: Machine;
  /** What it measured. */
  readonly rows: readonly Row[];
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(path, ROOT)));
}

/**
 * Reads what a benchmark measured.
 *
 * @param name Name of its file in `bench/`, without the ending.
 * @returns The machine and the rows.
 */
export function readMeasured<Row>(name: string): Promise<Measured<Row>> {
  return readJson(`bench/${name}.json`);
}

/**
 * Reads the report of a pair's learned policy.
 *
 * @param pair Name of the pair.
 * @returns The report.
 */
export function readReport(pair: string): Promise<Report> {
  return readJson(`reports/${pair}/report.json`);
}

/** Names a machine, such as `AMD EPYC, 2 cores, Deno 2.9.6`. */
export function sayMachine({ cpu, cores, deno }: Machine): string {
  return `${cpu}, ${cores} cores, Deno ${deno}`;
}

/** Writes an interval, such as `5.81–6.01`. */
export function sayInterval(interval: readonly number[]): string {
  return interval.map((end) => end.toFixed(2)).join("–");
}

/** Writes a number of examples, such as `10,000`. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}
