/** The page on metrics and the dashboard speak of the metrics that the server has. */
import { assert, assertEquals } from "@std/assert";
import { parser } from "@prometheus-io/lezer-promql";
import { startTestApp } from "../harness/app/app.ts";
import { Scrape } from "../harness/app/scrape.ts";
import { readText } from "../harness/files/project.ts";

async function exposed(): Promise<Map<string, string>> {
  using app = await startTestApp();
  const { families } = new Scrape(await (await app.request("/metrics")).text());
  return new Map([...families].map(([name, { type }]) => [name, type]));
}

const metrics = await exposed();

Deno.test("docs/observability.md lists every metric, and no other", async () => {
  const page = await readText("docs/observability.md");
  const rows = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|.*\|.*\|$/gm)];
  const listed = rows.flatMap(([, names = ""]) => names.replaceAll("`", "").split(", "));
  assertEquals(listed.toSorted(), [...metrics.keys()].toSorted());
});

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** Grafana's own variables, which a parser of PromQL does not know. */
const readable = (expr: string) => expr.replaceAll(/\$__\w+/g, "5m");

/** Names of the metrics in an expression; fails where that is no PromQL. */
function metricsOf(expr: string, title: string): string[] {
  const names: string[] = [];
  parser.parse(readable(expr)).iterate({
    enter: ({ type, from, to }) => {
      assert(!type.isError, `${title}: ${expr}: at ${from}`);
      if (type.name === "VectorSelector") {
        names.push(readable(expr).slice(from, to).replace(/\{.*$/s, ""));
      }
    },
  });
  return names;
}

Deno.test("the dashboard asks for metrics that there are, and for all of them", async () => {
  const text = await readText("deploy/grafana/sluice.json");
  const panels: Panel[] = JSON.parse(text).panels;
  const asked = new Set<string>();
  for (const { title, targets = [] } of panels) {
    for (const { expr } of targets) {
      const names = metricsOf(expr, title);
      assert(names.length > 0, `${title}: ${expr}`);
      for (const name of names) {
        const base = name.replace(/_(bucket|sum|count)$/, "");
        const known = metrics.has(name) || metrics.get(base) === "HISTOGRAM";
        assert(known, `${title}: there is no metric ${name}`);
        asked.add(metrics.has(name) ? name : base);
      }
    }
  }
  assertEquals([...asked].toSorted(), [...metrics.keys()].toSorted());
});
