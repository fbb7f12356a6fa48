// Under its own name `deno fmt` would format the templates, and so put spaces into cells.
import { html as markup, raw } from "hono/html";
import { METRICS } from "../replay/metrics.ts";
import { percent } from "../stats/numbers.ts";
import type { Report } from "../judge/report.ts";
import { provenanceLines } from "./report_notes.ts";
import { reportTables } from "./report_tables.ts";
import type { Table } from "./table.ts";

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
    max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.6rem; line-height: 1.2; margin-bottom: .5rem }
  h2 { font-size: 1.15rem; margin: 2.5rem 0 .25rem }
  .claim { font-size: 1.1rem; border-left: 4px solid #0072B2; padding-left: 1rem; margin: 1rem 0 }
  .note { color: #555; margin: .25rem 0 .75rem; max-width: 48rem; font-size: .92rem }
  figure { margin: 1.5rem 0 }
  svg { max-width: 100%; height: auto }
  .scroll { overflow-x: auto }
  table { border-collapse: collapse; font-size: .82rem; font-variant-numeric: tabular-nums }
  th, td { padding: .3rem .55rem; text-align: right; border-bottom: 1px solid #e2e2e2;
    white-space: pre; line-height: 1.3 }
  thead th { border-bottom: 2px solid #888; font-weight: 600; vertical-align: bottom;
    white-space: normal }
  th:first-child { text-align: left; font-weight: 400; white-space: normal; min-width: 9rem }
  thead th:first-child { font-weight: 600 }
  tbody tr:first-child th { font-weight: 600 }
  tbody tr:hover { background: #f4f8fb }
`;

/** The figures of a report, as SVG. */
export interface Figures {
  /** Accuracy over cost. */
  readonly curve: string;
  /** Speedups at every loss, with intervals. */
  readonly speedups: string;
  /** Exits per node. */
  readonly exits: string;
}

/**
 * Writes a report as one page that needs nothing else: no script, no network.
 *
 * @param report The report.
 * @param figures Its figures, as SVG.
 * @returns The page.
 */
export function reportHtml(report: Report, figures: Figures): string {
  const says = METRICS[report.metric].says;
  const [speedups, ...tables] = reportTables(report);
  const title = `${report.pair}: what the learned policy saves`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<h1>${title}</h1>
<p class="claim">${report.claim.sentence}</p>
<figure>${raw(figures.curve)}
<figcaption class="note">Up and to the left is better. Lines join the settings of one method in the
order of their cost; dots are the points of the learned policy, rings those that are certified. The
full model, ${report.full}, is right for ${percent(report.full_accuracy)} of the test examples.
</figcaption></figure>
<figure>${raw(figures.speedups)}
<figcaption class="note">Every method at its setting for each loss (${says}), chosen on other
examples, with 95% intervals; hollow where the test examples lose more than that.
</figcaption></figure>
${speedups ? htmlTable(speedups) : ""}
<figure>${raw(figures.exits)}</figure>
${tables.map(htmlTable)}
<h2>How this was measured</h2>
<ul>${provenanceLines(report).map((line) => markup`<li>${line}</li>`)}</ul>
</body>
</html>
`;
  return `${page}`;
}

function htmlTable({ title, note, columns, rows }: Table) {
  const head = columns.map((column) => markup`<th scope="col">${column}</th>`);
  const body = rows.map(([name, ...cells]) => {
    const rest = cells.map((cell) => markup`<td>${cell}</td>`);
    return markup`<tr><th scope="row">${name}</th>${rest}</tr>
`;
  });
  return markup`<section>
<h2>${title}</h2>
<p class="note">${note}</p>
<div class="scroll"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
</section>
`;
}
