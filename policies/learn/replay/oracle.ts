import { costAlone, type JudgedSetting, judgeOutcome, type Method } from "./judged.ts";
import { answersOf, excessOf, fullAnswers, logitsAt } from "../trace/loss.ts";
import { type Metric, METRICS } from "./metrics.ts";
import type { Trace } from "../trace/types.ts";

/**
 * The label oracle: it knows for every example which nodes answer no worse than the full model, and
 * runs the cheapest of them alone. No policy can see what it sees; it shows how much there is to
 * save without any loss.
 *
 * @param trace The trace.
 * @param metric What no worse means.
 * @returns The method, of a single setting.
 */
export function oracleMethod(trace: Trace, metric: Metric): Method {
  const { kind } = METRICS[metric];
  const nodes = trace.nodes
    .map((node, index) => ({ node, index, cost: costAlone(trace, node) }))
    .toSorted((a, b) => a.cost - b.cost);
  const judge = (rows: Int32Array): JudgedSetting[] => {
    const full = fullAnswers(trace, rows);
    const candidates = nodes.map(({ node, index, cost }) => {
      const logits = trace.logits[node] as Float32Array;
      const answers = answersOf(trace, rows, (row) => logitsAt(logits, row, trace.classes));
      return { index, cost, answers, loss: excessOf(answers, full, kind) };
    });
    // The full model is among the candidates and loses nothing against itself.
    const chosen = Array.from(rows, (_, row) => {
      return candidates.find(({ loss }) => (loss[row] as number) <= 0) as typeof candidates[number];
    });
    const outcome = {
      cost: Float64Array.from(chosen, ({ cost }) => cost),
      exit: Int32Array.from(chosen, ({ index }) => index),
      answer: Int32Array.from(chosen, ({ answers }, row) => answers.answer[row] as number),
      right: Uint8Array.from(chosen, ({ answers }, row) => answers.right[row] as number),
      rank: Float64Array.from(chosen, ({ answers }, row) => answers.rank[row] as number),
    };
    return [{ id: "oracle", ...judgeOutcome(trace, rows, outcome) }];
  };
  return { id: "oracle", judge };
}
