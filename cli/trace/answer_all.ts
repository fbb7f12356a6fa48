import { runAll } from "../../registry/walk/mod.ts";
import { imageInput } from "../../registry/input/mod.ts";
import type { OpenModels } from "../../registry/runtime/mod.ts";
import { AnswerFile } from "./answer_file.ts";
import type { Examples } from "./examples.ts";
import type { StartProgress } from "../shared/progress.ts";

/** After so many examples timers and signals get their turn: a run of a model lets none through. */
const EXAMPLES_BETWEEN_PAUSES = 32;

/**
 * Runs every node of a pair on every example, one example at a time as the server does.
 *
 * @param models The pair.
 * @param examples The data.
 * @param kept File in which answers are kept as they come. Those that it holds are not computed again.
 * @param progress Shows how far it has come.
 * @returns Logits by node, examples × labels, row-major.
 * @throws {Error} If an example cannot be used, or a model answers with logits that are not finite;
 * names the example. What was answered before is kept.
 */
export async function answerAll(
  { pair, plan, run }: OpenModels,
  examples: Examples,
  kept: URL,
  progress: StartProgress,
): Promise<Record<string, Float32Array>> {
  const { nodes } = plan.graph;
  const classes = pair.labels.length;
  const total = examples.ids.length;
  using answers = await AnswerFile.open(kept, nodes.length * classes, total);

  const answerOne = async (row: number) => {
    const pixels = await examples.pixels(row);
    const all = await runAll(plan, imageInput(pair, () => pixels), run);
    const values = new Float32Array(nodes.length * classes);
    nodes.forEach((node, index) => {
      const logits = all[node] ?? [];
      if (logits.length !== classes) {
        throw new Error(`${node} answers with ${logits.length} logits, expected ${classes}`);
      }
      values.set(logits, index * classes);
    });
    return values;
  };

  const bar = progress(`${pair.name}: answers`, total, answers.rows);
  try {
    for (let row = answers.rows; row < total; row++) {
      answers.append(await named(examples.ids[row], answerOne(row)));
      bar.update(row + 1);
      if (row % EXAMPLES_BETWEEN_PAUSES === 0) await pause();
    }
  } finally {
    bar.stop();
  }
  return byNode(answers.read(), nodes, classes);
}

async function named<T>(id: string | undefined, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new Error(`Cannot trace example ${id}: ${(cause as Error).message}`, { cause });
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Rows hold the answers of all nodes; a trace has one array for each. */
function byNode(
  rows: Float32Array,
  nodes: readonly string[],
  classes: number,
): Record<string, Float32Array> {
  const width = nodes.length * classes;
  const count = rows.length / width;
  return Object.fromEntries(nodes.map((node, index) => {
    const own = new Float32Array(count * classes);
    for (let row = 0; row < count; row++) {
      const start = row * width + index * classes;
      own.set(rows.subarray(start, start + classes), row * classes);
    }
    return [node, own];
  }));
}
