import { areaUnder, lowerHull } from "./curve.ts";
import { reportPoint } from "./detail.ts";
import type { JudgedMethod } from "../replay/levels.ts";
import type { Metric } from "../replay/metrics.ts";
import type { Curve } from "./report.ts";

/**
 * Puts together the curves of a report.
 *
 * @param methods All methods.
 * @param always Names of those that always answer with one node.
 * @param metric The metric of the accuracy.
 * @param fullAccuracy Accuracy of the full model alone.
 * @returns A curve per method.
 */
export function drawCurves(
  methods: readonly JudgedMethod[],
  always: readonly string[],
  metric: Metric,
  fullAccuracy: number,
): Curve[] {
  const pointsOf = ({ points }: JudgedMethod) => {
    return points.map(({ cost, loss }) => ({ cost, loss: loss[metric] as number }));
  };
  const corners = methods.filter(({ id }) => always.includes(id)).flatMap(pointsOf);
  const from = Math.min(...corners.map(({ cost }) => cost));
  const to = Math.max(...corners.map(({ cost }) => cost));
  // Whoever has a curve can also always run one node.
  const areaOf = (points: { cost: number; loss: number }[]) => {
    return areaUnder(lowerHull([...points, ...corners]), from, to);
  };
  const coin = areaOf([]);
  const oracle = methods.find(({ id }) => id === "oracle");
  const span = coin - areaOf(oracle ? pointsOf(oracle) : []);
  return methods.map((method) => ({
    method: method.id,
    points: method.points.map((point) => reportPoint(point, metric, fullAccuracy))
      .toSorted((a, b) => a.cost - b.cost),
    area: span > 0 ? (coin - areaOf(pointsOf(method))) / span : null,
  }));
}
