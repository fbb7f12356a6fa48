/**
 * One input, or a batch, through a pair's graph under a policy: the heart of Sluice. It knows neither
 * HTTP nor ONNX Runtime, only a selector and a function that runs a node.
 *
 * @example A selector that is content with the small network
 * ```ts
 * import { walk } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const image = { datatype: "FP32", shape: [1, 2], data: Float32Array.of(0, 1) } as const;
 * const plan = {
 *   graph: {
 *     nodes: ["small", "large"],
 *     successors: { start: ["small"], small: ["large"], large: [] },
 *     full: "large",
 *     sources: {},
 *   },
 *   bindings: { small: { x: { kind: "request" } }, large: { x: { kind: "request" } } },
 *   logits: { small: "logits", large: "logits" },
 * } as const;
 * const { path, logits } = await walk(
 *   plan,
 *   () => Promise.resolve(image),
 *   { decide: (node) => node === "start" ? "small" : "exit" },
 *   (_node, { x }) => Promise.resolve({ logits: x! }),
 * );
 * assertEquals([path, [...logits]], [["small"], [0, 1]]);
 * ```
 *
 * @module
 */

export { PairCosts } from "./pair_costs.ts";
export { withPostprocess } from "./postprocess.ts";
export { runAll } from "./run_all.ts";
export { walk, walkBatch, type WalkOptions } from "./walk.ts";
export { type NodeInput, POSTPROCESSED, type RunNode, type WalkPlan } from "./walk_plan.ts";
export { type Degraded, type RoutedItem, type Walked } from "./walked.ts";
