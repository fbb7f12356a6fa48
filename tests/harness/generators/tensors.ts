import type { Tensor } from "../../../registry/base/mod.ts";

/** A tensor of floats. */
export function tensorOf(shape: readonly number[], ...data: number[]): Tensor {
  return { datatype: "FP32", shape, data: Float32Array.from(data) };
}

/** A tensor of one item. */
export function rowOf(...data: number[]): Tensor {
  return tensorOf([1, data.length], ...data);
}
