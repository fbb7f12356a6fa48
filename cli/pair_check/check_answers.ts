import { inputShape } from "../../registry/mod.ts";
import { type OpenModels, patternOf } from "../../registry/runtime/mod.ts";
import { runAll, walkBatch } from "../../registry/walk/mod.ts";
import type { Tensor } from "../../registry/base/mod.ts";
import { alwaysSelector } from "../../policies/mod.ts";
import type { Finding } from "./finding.ts";

const INPUTS = 4;

/** Larger differences than rounding makes. */
const TOLERANCE = 1e-3;

type Answers = Readonly<Record<string, Float32Array>>;

/**
 * Runs every node on a few patterns and looks at the answers.
 *
 * @param models The models.
 * @returns What looks wrong.
 * @throws {Error} If a model fails, or answers with logits that are not finite.
 */
export async function checkAnswers({ pair, plan, batching, run }: OpenModels): Promise<Finding[]> {
  const inputs = Array.from({ length: INPUTS }, (_, seed) => (node: string): Promise<Tensor> => {
    return Promise.resolve(patternOf(inputShape(pair, node), seed));
  });
  const answers: Answers[] = [];
  for (const input of inputs) answers.push(await runAll(plan, input, run));
  const again = await runAll(plan, inputs[0] as (node: string) => Promise<Tensor>, run);
  const { nodes } = plan.graph;
  const findings = nodes.flatMap((node) => lookAt(node, answers, again));
  for (const node of nodes) {
    const path = nodes.slice(0, nodes.indexOf(node) + 1);
    const together = await walkBatch(plan, inputs, alwaysSelector(path), { run, batching });
    const apart = Math.max(...together.map(({ logits }, index) => {
      return difference(logits, answers[index]?.[node] as Float32Array);
    }));
    if (apart > TOLERANCE) {
      const text =
        `answers ${INPUTS} inputs at once otherwise than each alone, by ${apart.toFixed(4)}: ` +
        "export it so that items do not depend on each other, or with a batch size of 1";
      findings.push({ node, text });
    }
  }
  return findings;
}

function lookAt(node: string, answers: readonly Answers[], again: Answers): Finding[] {
  const findings: Finding[] = [];
  const rows = answers.map((answer) => answer[node] as Float32Array);
  const [first = new Float32Array()] = rows;
  if (difference(first, again[node] as Float32Array) > TOLERANCE) {
    const text = "answers the same input differently each time: export it in evaluation mode, " +
      "without dropout";
    findings.push({ node, text });
  }
  if (rows.every(isDistribution)) {
    const text =
      "gives probabilities, expected logits: leave the softmax out of the export, or answers " +
      "look less sure than they are";
    findings.push({ node, text });
  }
  if (rows.every((row) => difference(row, first) === 0)) {
    findings.push({ node, text: "gives the same answer to every input" });
  }
  return findings;
}

function isDistribution(row: Float32Array): boolean {
  const sum = row.reduce((total, value) => total + value, 0);
  return row.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) < TOLERANCE;
}

function difference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? NaN))), 0);
}
