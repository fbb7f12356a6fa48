import type { GraphSpec, PairSpec } from "../../../registry/pair/mod.ts";

/** What a test may change in {@linkcode pairOf}. */
export interface PairOfOptions {
  /**
   * The models in the order of declaration.
   *
   * @default the nodes of the graph
   */
  readonly models?: readonly string[] | undefined;
  /** What the inputs of models read, by node. */
  readonly inputs?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/**
 * A pair for tests, of two labels and an input `image` of shape [1, 2, 2].
 *
 * @param graph Its graph.
 * @param options Other models than the nodes of the graph; what models read.
 * @returns The pair, which nobody has checked.
 */
export function pairOf(graph: GraphSpec, options: PairOfOptions = {}): PairSpec {
  const { models = Object.keys(graph).filter((node) => node !== "start"), inputs = {} } = options;
  return {
    name: "test",
    labels: ["no", "yes"],
    input: { name: "image", datatype: "FP32", shape: [1, 2, 2] },
    models: Object.fromEntries(
      models.map((node) => [node, { source: `./${node}.onnx`, inputs: inputs[node] }]),
    ),
    graph,
  };
}
