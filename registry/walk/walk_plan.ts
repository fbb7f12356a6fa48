import type { Graph, Source } from "../pair/graph_inputs.ts";
import type { Tensor } from "../base/tensor.ts";

/** Name of the logits that a plugin's own code makes; no ONNX output can have it. */
export const POSTPROCESSED = "postprocess()";

/** What the walk must know of a pair; it never changes. */
export interface WalkPlan {
  /** The pair's graph. */
  readonly graph: Graph;
  /** For each node, what each of its ONNX inputs reads. */
  readonly bindings: Readonly<Record<string, Readonly<Record<string, Source>>>>;
  /** For each node, the name of the output with the logits. */
  readonly logits: Readonly<Record<string, string>>;
  /**
   * Nodes whose model says that it takes several items in one run.
   *
   * @default none
   */
  readonly batched?: ReadonlySet<string>;
}

/** The request's input as a given node wants it; shape [1, …]. */
export type NodeInput = (node: string) => Promise<Tensor>;

/** Runs a node's model on inputs by name; returns its outputs by name. */
export type RunNode = (
  node: string,
  feeds: Readonly<Record<string, Tensor>>,
) => Promise<Readonly<Record<string, Tensor>>>;
