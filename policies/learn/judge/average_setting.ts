import type { Exit, Judged, JudgedSetting } from "../replay/judged.ts";
import type { JudgedPoint } from "../replay/levels.ts";
import { type Metric, metricsOf } from "../replay/metrics.ts";
import { mean } from "../stats/bootstrap.ts";
import type { Trace } from "../trace/types.ts";

/** Adds up what a setting does on rows of several folds and repeats. */
export interface SettingAverage {
  /**
   * Adds what it does on the rows of a fold.
   *
   * @param rows Rows of the trace, m of them; every row once a repeat.
   * @param setting What it does on them, arrays of length m.
   */
  add(rows: Int32Array, setting: JudgedSetting): void;
  /**
   * Averages over the repeats.
   *
   * @param id Name of the setting.
   * @param repeats How often every row was added.
   * @returns The averages, arrays in the order of the trace's rows.
   */
  judged(id: string, repeats: number): JudgedPoint;
}

/**
 * Begins an average.
 *
 * @param trace The trace, for its rows, nodes and metrics.
 * @returns The average of nothing yet.
 */
export function averageSetting(trace: Trace): SettingAverage {
  const metrics = metricsOf(trace);
  const cost = new Float64Array(trace.count);
  const loss = metrics.map((metric) => [metric, new Float64Array(trace.count)] as const);
  const shares = trace.nodes.map(() => 0);
  const wrong = trace.nodes.map(() => 0);
  return {
    add(rows, setting) {
      rows.forEach((row, index) => {
        cost[row]! += setting.cost[index]!;
        for (const [metric, sums] of loss) sums[row]! += setting.loss[metric]![index]!;
      });
      setting.exits.forEach(({ share, error }, node) => {
        shares[node]! += share * rows.length;
        wrong[node]! += share * rows.length * (error ?? 0);
      });
    },
    judged(id, repeats) {
      const total = trace.count * repeats;
      const exits = trace.nodes.map((node, index): Exit => ({
        node,
        share: shares[index]! / total,
        error: trace.labels && shares[index]! > 0 ? wrong[index]! / shares[index]! : null,
      }));
      const test: Judged = {
        cost: cost.map((sum) => sum / repeats),
        loss: Object.fromEntries(
          loss.map(([metric, sums]) => [metric, sums.map((sum) => sum / repeats)]),
        ),
        exits,
      };
      const means = metrics.map((metric): [Metric, number] => {
        return [metric, mean(test.loss[metric] as Float64Array)];
      });
      return { id, choice: {}, test, cost: mean(test.cost), loss: Object.fromEntries(means) };
    },
  };
}
