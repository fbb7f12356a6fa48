/** What a setting costs and loses on average. */
export interface CurvePoint {
  /** Milliseconds per request. */
  readonly cost: number;
  /** Mean loss. */
  readonly loss: number;
}

/**
 * The lower left edge of points: what can be had by tossing a coin between two of them.
 *
 * @param points Points, one or more.
 * @returns The corners of the lower convex hull from the cheapest point to that of the least loss;
 * costs ascend, losses descend.
 */
export function lowerHull<T extends CurvePoint>(points: readonly T[]): T[] {
  const sorted = points.toSorted((a, b) => a.cost - b.cost || a.loss - b.loss);
  const hull: T[] = [];
  for (const point of sorted) {
    const last = hull.at(-1);
    if (last && point.loss >= last.loss) continue;
    while (hull.length > 1 && isAbove(hull.at(-2) as T, hull.at(-1) as T, point)) hull.pop();
    hull.push(point);
  }
  return hull;
}

/** Whether `middle` lies on or above the line from `left` to `right`. */
function isAbove(left: CurvePoint, middle: CurvePoint, right: CurvePoint): boolean {
  return (middle.loss - left.loss) * (right.cost - left.cost) >=
    (right.loss - left.loss) * (middle.cost - left.cost);
}

/**
 * The least cost at which a curve stays within a loss.
 *
 * @param hull Corners as {@linkcode lowerHull} gives them.
 * @param level The loss.
 * @returns The cost, on the straight line between two corners; `undefined` if every corner loses
 * more.
 */
export function costAtLoss(hull: readonly CurvePoint[], level: number): number | undefined {
  const within = hull.findIndex(({ loss }) => loss <= level);
  const safe = hull[within];
  const fast = hull[within - 1];
  if (!safe || !fast) return safe?.cost;
  const share = (level - safe.loss) / (fast.loss - safe.loss);
  return safe.cost + share * (fast.cost - safe.cost);
}

/**
 * The area under a curve of loss over cost.
 *
 * @param hull Corners as {@linkcode lowerHull} gives them; the last one's loss holds from there on.
 * @param from Lowest cost; the curve begins there or before.
 * @param to Highest cost.
 * @returns The area, in units of cost times loss.
 */
export function areaUnder(hull: readonly CurvePoint[], from: number, to: number): number {
  let area = 0;
  hull.forEach((point, index) => {
    const next = hull[index + 1] ?? { cost: Math.max(to, point.cost), loss: point.loss };
    const left = Math.max(from, point.cost);
    const right = Math.min(to, next.cost);
    if (right <= left) return;
    const lossAt = (cost: number) => {
      const share = (cost - point.cost) / (next.cost - point.cost);
      return point.loss + share * (next.loss - point.loss);
    };
    area += (right - left) * (lossAt(left) + lossAt(right)) / 2;
  });
  return area;
}
