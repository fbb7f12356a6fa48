import { inputShape } from "../../registry/mod.ts";
import type { PairSpec } from "../../registry/pair/mod.ts";
import { elementCount, type Tensor } from "../../registry/base/mod.ts";

/** Values around 0, other ones for every round; each node gets them in its own size. */
export function randomInput(pair: PairSpec): (node: string) => Promise<Tensor> {
  return (node) => {
    const shape = inputShape(pair, node);
    const data = Float32Array.from({ length: elementCount(shape) }, () => Math.random() * 4 - 1);
    return Promise.resolve({ datatype: "FP32", shape: [1, ...shape], data });
  };
}
