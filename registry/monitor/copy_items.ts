import type { RequestInput } from "../runtime/engine.ts";

/**
 * Copies some items of an input, before its buffer is moved to a worker.
 *
 * @param input The input of a request.
 * @param items Indices of the items, ascending, one or more; an image is one item.
 * @returns An input of these items with a buffer of its own.
 */
export function copyItems(input: RequestInput, items: readonly number[]): RequestInput {
  if (input.kind === "image") return { ...input, bytes: input.bytes.slice() };
  const length = input.data.length / input.count;
  const data = new Float32Array(items.length * length);
  items.forEach((item, index) => {
    data.set(input.data.subarray(item * length, (item + 1) * length), index * length);
  });
  return { kind: "tensor", data, count: items.length };
}
