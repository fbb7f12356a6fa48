import type { Report } from "../../policies/learn/mod.ts";
import { drawCascade, type Stage } from "./draw_cascade.ts";
import { count, readReport } from "./measured.ts";

/** Where the picture is, by its path in the project. */
export const CASCADE_FILE = "docs/cascade.svg";

/** Draws where the test images of fashion-mnist exit, with the policy that serves. */
export async function drawMeasuredCascade(): Promise<string> {
  const report = await readReport("fashion-mnist");
  const point = report.points.find(({ active }) => active);
  if (!point) throw new Error("fashion-mnist: expected an operating point to be active");
  return drawCascade({
    input: `${count(report.n.test)} images`,
    stages: stagesOf(report, point.exits),
    summary: [
      `Mean cost of the networks ${ms(point.cost)} instead of ${
        ms(report.costs[report.full] ?? NaN)
      }`,
      `accuracy ${share(point.accuracy, 2)} instead of ${share(report.full_accuracy, 2)}`,
    ].join(", "),
    source:
      `${report.pair} at operating point ${point.id} instead of ${report.full} alone, test images of Fashion-MNIST`,
  });
}

function stagesOf(
  { costs }: Report,
  exits: Report["points"][number]["exits"],
): Stage[] {
  let arriving = 1;
  return exits.map(({ node, share: exiting }): Stage => {
    const stage = { name: node, cost: ms(costs[node] ?? NaN), arriving, exiting };
    arriving -= exiting;
    return stage;
  });
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

function share(value: number, decimals: number): string {
  return `${(100 * value).toFixed(decimals)}%`;
}
