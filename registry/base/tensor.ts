/** A dense tensor, row-major. FP32 is the only datatype that networks are fed with. */
export interface Tensor {
  /** Name of the element type in the Open Inference Protocol. */
  readonly datatype: "FP32";
  /** Sizes of the dimensions, batch first. */
  readonly shape: readonly number[];
  /** The elements, `product(shape)` of them. */
  readonly data: Float32Array;
}

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
