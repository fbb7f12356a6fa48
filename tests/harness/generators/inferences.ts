import type { Inference, LoadedPair, RoutedItem } from "../../../registry/mod.ts";

/** An item that went on to the full model. */
export const ITEM: RoutedItem = {
  path: ["small", "large"],
  exit: "large",
  logits: Float32Array.of(1, 2),
  confidence: 0.75,
  nodes: [{ node: "small", ms: 0.25 }, { node: "large", ms: 4.123456 }],
  cost: 4.200049,
};

/** An item that was to go on to a node that did not answer. */
export const DEGRADED: RoutedItem = {
  ...ITEM,
  path: ["small"],
  exit: "small",
  degraded: { node: "large", reason: "timed out" },
};

/** An answer to two items. */
export const INFERENCE: Inference = {
  pair: { costs: { unit: "ms", full: 4.1 } } as LoadedPair,
  policy: { name: "p@3", operatingPoint: "fast", choice: { id: "p@3", point: "fast" } },
  items: [ITEM, { ...ITEM, path: ["small"], exit: "small", nodes: [{ node: "small", ms: 0.5 }] }],
  decodeMs: 1.5,
  totalMs: 9.87654321,
  waitMs: 0,
  role: "active",
};
