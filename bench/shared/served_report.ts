import { sha256 } from "../../cli/shared/mod.ts";
import type { Report } from "../../policies/learn/mod.ts";
import { withServed } from "../../policies/learn/report/mod.ts";
import { replaceFile } from "../../policies/stores/mod.ts";
import { LIVE } from "./serve.ts";

const REPORTS = new URL("../../reports/", import.meta.url);

/**
 * Reads the report of the live policy.
 *
 * @param pair Name of the pair.
 * @returns The report.
 * @throws {Error} If it is of another policy.
 */
export async function readReport(pair: string): Promise<Report> {
  const text = await Deno.readTextFile(new URL(`${pair}.json`, LIVE));
  const file = new URL(`${pair}/report.json`, REPORTS);
  const report: Report = JSON.parse(await Deno.readTextFile(file));
  if (report.hashes.policy === sha256(text)) return report;
  throw new Error(`The report is of another policy: run \`deno task evaluate ${pair}\` first`);
}

/** Writes the report of a pair anew, with figures that were measured through the server. */
export async function addServed(report: Report, served: Report["speedups"]): Promise<void> {
  const folder = new URL(`${report.pair}/`, REPORTS);
  for (const [name, content] of Object.entries(await withServed(report, served))) {
    await replaceFile(new URL(name, folder), new TextEncoder().encode(content));
  }
}
