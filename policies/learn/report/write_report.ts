import { roundNumbers } from "../stats/numbers.ts";
import { plotCurve } from "./plot_curve.ts";
import { plotExits } from "./plot_exits.ts";
import { plotSpeedups } from "./plot_speedups.ts";
import type { Report, Speedup } from "../judge/report.ts";
import { reportHtml } from "./report_html.ts";
import { reportMarkdown } from "./report_markdown.ts";

/**
 * Writes a report in all its forms.
 *
 * @param report The report.
 * @param before The text of `report.json` as it was; what it says was measured through the server is
 * kept if it was measured with the same policy.
 * @returns The text of every file of the report's folder, by name.
 */
export async function reportFiles(
  report: Report,
  before?: string,
): Promise<Record<string, string>> {
  const served = before === undefined ? [] : servedOf(before, report);
  const whole: Report = { ...report, speedups: [...report.speedups, ...served] };
  const curve = await plotCurve(whole);
  return {
    "report.json": `${JSON.stringify(roundNumbers(whole), null, 1)}\n`,
    "report.md": reportMarkdown(whole),
    "report.html": reportHtml(whole, {
      curve,
      speedups: await plotSpeedups(whole),
      exits: await plotExits(whole),
    }),
    "plot.svg": `${curve}\n`,
  };
}

/**
 * Puts figures that were measured through the server into a report.
 *
 * @param report The report, as `report.json` has it.
 * @param served The figures, in place of those that it had.
 * @returns The text of every file of the report's folder, by name.
 */
export function withServed(
  report: Report,
  served: readonly Speedup[],
): Promise<Record<string, string>> {
  const others = report.speedups.filter(({ basis }) => basis !== "served");
  return reportFiles({ ...report, speedups: [...others, ...served] });
}

function servedOf(text: string, { hashes }: Report): Speedup[] {
  let old: Partial<Report>;
  try {
    old = JSON.parse(text);
  } catch {
    return [];
  }
  const same = hashes.policy !== undefined && old.hashes?.policy === hashes.policy;
  return same ? (old.speedups ?? []).filter(({ basis }) => basis === "served") : [];
}
