import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Report } from "../judge/report.ts";
import { sampleReport } from "../../../tests/harness/generators/reports.ts";
import { reportTables } from "./report_tables.ts";
import { textTable } from "./report_text.ts";
import { reportFiles } from "./write_report.ts";

const { report } = sampleReport();
const files = await reportFiles(report);

Deno.test("reportFiles() writes JSON, Markdown, a page and a plot", () => {
  assertEquals(Object.keys(files), ["report.json", "report.md", "report.html", "plot.svg"]);
});

Deno.test("reportFiles() rounds, and keeps every speedup within its loss", () => {
  const read: Report = JSON.parse(files["report.json"] as string);
  assertEquals(read.speedups.length, report.speedups.length);
  for (const { loss, max_loss } of read.speedups) assert(loss <= max_loss);
  assertEquals(read.hashes, report.hashes);
  assert((files["report.json"] as string).length < 200_000);
});

Deno.test("reportFiles() keeps what was measured through the server with the same policy", async () => {
  const served = { ...report.speedups[0]!, basis: "served" as const };
  const before = JSON.stringify({ ...report, speedups: [...report.speedups, served] });
  const speedupsAfter = async (old: string) => {
    const again = await reportFiles(report, old);
    return (JSON.parse(again["report.json"] as string) as Report).speedups.length;
  };
  assertEquals(await speedupsAfter(before), report.speedups.length + 1);
  const other = before.replace("9".repeat(64), "8".repeat(64));
  assertEquals(await speedupsAfter(other), report.speedups.length);
  assertEquals(await speedupsAfter("not JSON"), report.speedups.length);
});

Deno.test("reportFiles() says the main things in Markdown", () => {
  const lines = (files["report.md"] as string).split("\n");
  assertEquals(lines[0], "# synthetic: what the learned policy saves");
  assertEquals(lines[2], report.claim.sentence);
  for (
    const line of [
      "## Speedup over the full model, by top-1 accuracy given up",
      "| method | loss ≤ 0% | loss ≤ 0.5% | loss ≤ 1% | loss ≤ 2% |",
      "| always large | 1.00×<br>loses 0% | 1.00×<br>loses 0% | 1.00×<br>loses 0% | 1.00×<br>loses 0% |",
      "| always small | – | – | – | – |",
      "## Learned against thresholds at the same loss",
      "## Operating points of the learned policy",
      "## Where inputs exit",
      "## Loss per class at the point p01",
      "| small | 0.12 ms |",
    ]
  ) assert(lines.includes(line), line);
  assertStringIncludes(files["report.md"] as string, "240 to fit, 360 to choose, 120 to certify");
});

Deno.test("reportFiles() makes a page that needs no script and no network", () => {
  const page = files["report.html"] as string;
  assert(!/<script|<link|<iframe|<img|@import|url\(|\son[a-z]+=|javascript:/i.test(page));
  const addresses = [...page.matchAll(/https?:\/\/[^"'\s<]+/g)].map(([address]) => address);
  // Names of XML namespaces, which nobody fetches.
  assertEquals(
    addresses.filter((address) => !address.startsWith("http://www.w3.org/")),
    [],
  );
  assertEquals([...page.matchAll(/<svg/g)].length, 3);
});

Deno.test("reportFiles() escapes names", async () => {
  const page = (await reportFiles({ ...report, measured: "<b>bold & loud</b>" }))["report.html"];
  assert(!page?.includes("<b>bold"));
});

Deno.test("reportFiles() labels the plot", () => {
  const plot = files["plot.svg"] as string;
  assert(plot.startsWith("<svg"));
  for (
    const text of [
      "Mean cost per request (milliseconds, logarithmic)",
      "Top-1 accuracy (%)",
      "learned policy",
      "threshold on margin",
      "random mixing",
      "label oracle",
      "certified: loss ≤ 1%",
    ]
  ) assertStringIncludes(plot, text);
});

Deno.test("textTable() aligns columns", () => {
  const [table] = reportTables(report);
  assert(table);
  const [, , ...lines] = textTable(table).split("\n");
  assertEquals(new Set(lines.map((line) => line.length)).size, 1);
});
