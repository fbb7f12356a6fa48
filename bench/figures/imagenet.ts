import type { Report } from "../../policies/learn/mod.ts";
import type { ServedRow } from "../shared/compare.ts";
import { readMeasured, readReport, sayMachine } from "./measured.ts";
import { servedTable } from "./served_table.ts";
import { traceTable } from "./trace_table.ts";

/** How a server of both pairs starts, as bench/imagenet-start.json has it. */
interface StartRow {
  readonly ready_s: number;
  readonly rss_mb: number;
}

function readReports(): Promise<[Report, Report]> {
  return Promise.all([readReport("imagenet-paper"), readReport("imagenet-ladder")]);
}

function sayTrace([paper, ladder]: readonly [Report, Report]): string {
  const { folds, repeats } = paper.cross_validation ?? {};
  return `${traceTable([paper, ladder])}

Loss is top-5 accuracy given up against ResNet-50 alone, on ${paper.n.test} photographs, by cross-validation (${folds} folds, repeated
${repeats} times: each photograph is left out when the policy that it judges is learned and chosen); costs: ${paper.measured}.`;
}

async function sayServed(): Promise<string> {
  const { machine, rows } = await readMeasured<ServedRow>("imagenet");
  return `${servedTable(rows)}

Wall-clock time through the server: over HTTP, JPEG in and JSON out, decoding included, one request at a time, the policy
and ResNet-50 alone taking turns; accuracy is top-5; n = ${
    rows[0]?.n
  } photographs from which the policy was not learned;
${sayMachine(machine)}, one worker each, ${machine.date}.`;
}

/** Writes the results on ImageNet, by the costs of the trace and through the server. */
export async function writeImagenet(): Promise<string> {
  return `${sayTrace(await readReports())}\n\n${await sayServed()}`;
}

/** Writes the same at more length, for the example's own page. */
export async function writeImagenetExample(): Promise<string> {
  const reports = await readReports();
  const [start] = (await readMeasured<StartRow>("imagenet-start")).rows;
  return `![Accuracy against cost of imagenet-paper](../../reports/imagenet-paper/plot.svg)

${sayTrace(reports)}

The same settings by top-1 accuracy, for which they were not chosen:

${traceTable(reports, "top1")}

Through the server:

${await sayServed()}

A server of both pairs with one worker is ready after ${start?.ready_s} s and then holds ${start?.rss_mb} MB.`;
}
