import { show } from "../../policies/mod.ts";
import { PluginError } from "../base/errors.ts";
import type { Graph, Source } from "../pair/graph_inputs.ts";
import { inputShape } from "../pair/input_shape.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import { postprocessOf } from "../pair/plugin_code.ts";
import { POSTPROCESSED, type WalkPlan } from "../walk/walk_plan.ts";
import type { TensorInfo } from "../base/backend.ts";

/** The inputs and outputs of a loaded model. */
export interface ModelInfo {
  /** What the model reads. */
  readonly inputs: readonly TensorInfo[];
  /** What the model gives. */
  readonly outputs: readonly TensorInfo[];
  /** Why neither is known yet, for a model that is elsewhere: then nothing is checked of it. */
  readonly away?: string | undefined;
}

/**
 * Checks the loaded models against the pair and against each other.
 *
 * @param pair The pair.
 * @param graph Its graph.
 * @param models Inputs and outputs of every model.
 * @returns What the walk needs.
 * @throws {PluginError} If a name, type or shape does not meet; names the field and the reason.
 */
export function bindModels(
  pair: PairSpec,
  graph: Graph,
  models: Readonly<Record<string, ModelInfo>>,
): WalkPlan {
  const bindings: Record<string, Record<string, Source>> = {};
  const logits: Record<string, string> = {};
  for (const node of graph.nodes) {
    const model = models[node] as ModelInfo;
    if (model.away !== undefined) continue;
    bindings[node] = bindInputs(pair, graph, node, models);
    logits[node] = findLogits(pair, node, model);
  }
  const batched = graph.nodes.filter((node) => isBatched(models[node] as ModelInfo));
  return { graph, bindings, logits, batched: new Set(batched) };
}

/** Whether the number of items is free, in all that the model reads and gives. */
function isBatched({ inputs, outputs }: ModelInfo): boolean {
  return [...inputs, ...outputs].every(({ shape: [items] }) => typeof items === "string");
}

function bindInputs(
  pair: PairSpec,
  graph: Graph,
  node: string,
  models: Readonly<Record<string, ModelInfo>>,
): Record<string, Source> {
  const inputs = models[node]?.inputs ?? [];
  const names = inputs.map((input) => input.name);
  const field = `models.${node}.inputs`;
  let declared = graph.sources[node] ?? {};
  if (Object.keys(declared).length === 0) {
    const [only, ...others] = names;
    if (only === undefined || others.length > 0) {
      throw new PluginError(field, `the model reads ${names.join(", ")}; declare what each reads`);
    }
    declared = { [only]: { kind: "request" } };
  }
  const missing = names.find((name) => !(name in declared));
  if (missing !== undefined) {
    throw new PluginError(`${field}.${missing}`, "missing, expected what this input reads");
  }
  for (const [name, source] of Object.entries(declared)) {
    const input = inputs.find((input) => input.name === name);
    if (!input) {
      throw new PluginError(
        `${field}.${name}`,
        `the model has no such input, expected ${names.join(", ")}`,
      );
    }
    if (source.kind === "node" && models[source.node]?.away !== undefined) continue;
    const given = source.kind === "request"
      ? { name: pair.input.name, type: "float32", shape: [1, ...inputShape(pair, node)] }
      : readOutput(models, source.node, source.output, `${field}.${name}`);
    const float32 = input.type === "float32" && given.type === "float32";
    if (!float32 || !shapesMeet(input.shape, given.shape)) {
      throw new PluginError(
        `${field}.${name}`,
        `the model reads ${input.type} ${show(input.shape)}, but ${given.name} is ` +
          `${given.type} ${show(given.shape)}; expected float32 of the same shape`,
      );
    }
  }
  return declared;
}

function readOutput(
  models: Readonly<Record<string, ModelInfo>>,
  node: string,
  name: string,
  field: string,
): TensorInfo {
  const outputs = models[node]?.outputs ?? [];
  const found = outputs.find((output) => output.name === name);
  if (found) return found;
  throw new PluginError(
    field,
    `${node} has no output ${name}, expected one of ${outputs.map((o) => o.name).join(", ")}`,
  );
}

function findLogits(pair: PairSpec, node: string, model: ModelInfo): string {
  if (postprocessOf(pair, node)) return POSTPROCESSED;
  const names = model.outputs.map((output) => output.name);
  const field = `models.${node}.output`;
  const name = pair.models[node]?.output ?? (names.length === 1 ? names[0] : "logits");
  const output = model.outputs.find((output) => output.name === name);
  if (!output) {
    throw new PluginError(field, `the model has no output ${name}, expected ${names.join(", ")}`);
  }
  const expected = [1, pair.labels.length];
  if (output.type !== "float32" || !shapesMeet(output.shape, expected)) {
    throw new PluginError(
      field,
      `${name} is ${output.type} ${show(output.shape)}, expected float32 ${show(expected)} ` +
        `for ${pair.labels.length} labels`,
    );
  }
  return output.name;
}

/** Whether a tensor of one shape fits the other; a free size meets any. Items run one by one. */
function shapesMeet(a: readonly (number | string)[], b: readonly (number | string)[]): boolean {
  return a.length === b.length && a.every((size, axis) => {
    const other = b[axis];
    return typeof size === "string" || typeof other === "string" || size === other;
  });
}
