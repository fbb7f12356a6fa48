import { percent, type Report } from "../../policies/learn/mod.ts";
import type { ServedRow } from "../shared/compare.ts";
import { count, readMeasured, readReport, sayInterval, sayMachine } from "./measured.ts";
import { sayThresholds } from "./thresholds.ts";

/** The pairs of the table, and what each is. */
const PAIRS = {
  "fashion-mnist": "three networks",
  "fashion-mnist-exits": "one network, three exits",
  "imagenet-paper": "three networks up to ResNet-50",
  "imagenet-ladder": "four networks up to ResNet-50",
} as const;

type PairName = keyof typeof PAIRS;

/** Writes what the policies that serve save, in a table of one row per pair. */
export async function writeFrontPage(): Promise<string> {
  const small = await readMeasured<ServedRow>("served");
  const large = await readMeasured<ServedRow>("imagenet");
  const reports = await Promise.all(Object.keys(PAIRS).map(readReport)) as [Report, ...Report[]];
  const served = [...small.rows, ...large.rows];
  const rows = reports.map((report) => {
    const own = served.filter(({ pair }) => pair === report.pair);
    const full = own.find(({ policy }) => policy === `always:${report.full}`);
    const active = own.find(({ policy }) => policy.split(" ")[0] === report.policy.active);
    if (!full || !active) throw new Error(`${report.pair}: its live policy was not measured`);
    return row(report, full, active);
  });
  return `![Accuracy against cost of every method on fashion-mnist](reports/fashion-mnist/plot.svg)

Mean time of a request, against the pair's largest network alone in the same server:

| pair | largest alone | Sluice | speedup (95% interval) | accuracy given up | proved | n |
|---|---|---|---|---|---|---|
${rows.join("\n")}

Measured over HTTP, one request at a time, image file in and JSON out, ONNX Runtime Web on WebAssembly, one worker;
${
    sayMachine(small.machine)
  }, ${small.machine.date}. About a millisecond of each request does not depend on the networks. Accuracy is
top-1 on the test images of Fashion-MNIST and top-5 on ${
    count(large.rows[0]?.n ?? 0)
  } photographs of ImageNet that the policy was not learned from.
*Proved*: with probability 95%, the mean loss of accuracy on inputs like the calibration data is no larger than this.

A confidence threshold that is tuned on the same data, jointly for all networks, saves about as much:
${sayThresholds(reports)}. [All results](docs/results.md)`;
}

function row(report: Report, full: ServedRow, active: ServedRow): string {
  const cells = [
    `${report.pair}: ${PAIRS[report.pair as PairName]}`,
    milliseconds(full.mean_ms),
    milliseconds(active.mean_ms),
    `${active.speedup.toFixed(2)}× (${sayInterval(active.ci95)})`,
    percent(active.loss),
    sayProved(report),
    count(active.n),
  ];
  return `| ${cells.join(" | ")} |`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

/** The least loss that is certified of the point that serves. */
function sayProved({ points }: Report): string {
  const alphas = points.find(({ active }) => active)?.certificates.map(({ alpha }) => alpha) ?? [];
  return alphas.length === 0 ? "nothing" : `≤ ${percent(Math.min(...alphas))}`;
}
