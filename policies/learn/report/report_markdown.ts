import { reportTables } from "./report_tables.ts";
import type { Table } from "./table.ts";
import { provenanceLines } from "./report_notes.ts";
import type { Report } from "../judge/report.ts";

/**
 * Writes a report as Markdown; the curve is expected beside it as `plot.svg`.
 *
 * @param report The report.
 * @returns The text.
 */
export function reportMarkdown(report: Report): string {
  return [
    `# ${report.pair}: what the learned policy saves`,
    report.claim.sentence,
    `![Accuracy against cost of every method on the test examples](plot.svg)`,
    ...reportTables(report).map(markdownTable),
    "## How this was measured",
    provenanceLines(report).map((line) => `- ${line}`).join("\n"),
    "",
  ].join("\n\n").trimEnd() + "\n";
}

function markdownTable({ title, note, columns, rows }: Table): string {
  const escaped = (cells: readonly string[]) => {
    const lines = cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", "<br>"));
    return `| ${lines.join(" | ")} |`;
  };
  const rule = columns.map((_, index) => index === 0 ? "---" : "--:");
  return [
    `## ${title}`,
    "",
    note,
    "",
    escaped(columns),
    `| ${rule.join(" | ")} |`,
    ...rows.map(escaped),
  ].join("\n");
}
