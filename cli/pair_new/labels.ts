import { show } from "../../policies/mod.ts";
import type { TensorInfo } from "../../registry/mod.ts";
import type { ReadModel } from "./read_models.ts";

/**
 * The output of a model that has a score for each label: `logits`, or the only one of shape
 * [batch, labels].
 *
 * @throws {Error} If there is none, or there are several.
 */
export function scoresOf({ name, outputs }: ReadModel): TensorInfo {
  const fit = outputs.filter(({ type, shape }) =>
    type === "float32" && shape.length === 2 && typeof shape[1] === "number"
  );
  const scores = fit.find((output) => output.name === "logits") ?? (fit.length === 1 && fit[0]);
  if (scores) return scores;
  const given = outputs.map((output) => `${output.name} ${output.type} ${show(output.shape)}`);
  throw new Error(
    `Cannot find the scores of ${name}: it gives ${
      given.join("; ")
    }; expected one output float32 ` +
      "[batch, labels], or one of that shape called logits",
  );
}

/**
 * How many labels the models have.
 *
 * @throws {Error} If they differ, or there are fewer than two.
 */
export function findLabelCount(models: readonly ReadModel[]): number {
  const counts = models.map((model) => [model.name, scoresOf(model).shape[1] as number] as const);
  const [first] = counts;
  const other = counts.find(([, count]) => count !== first?.[1]);
  if (first && other) {
    throw new Error(
      `Cannot make a pair: ${first[0]} has ${first[1]} scores and ${other[0]} ${
        other[1]
      }; expected ` +
        "models that answer the same question",
    );
  }
  if (first && first[1] >= 2) return first[1];
  throw new Error(
    `Cannot make a pair: ${first?.[0]} has ${first?.[1]} score, expected at least two`,
  );
}
