import type { RequestInput } from "../runtime/requests.ts";

/**
 * Copies some items of an input, before its buffer is moved to a worker.
 *
 * @param input The input of a request.
 * @param items Indices of the items, ascending, one or more; an image is one item.
 * @returns An input of these items with a buffer of its own.
 */
export function copyItems(input: RequestInput, items: readonly number[]): RequestInput {
  if (input.kind === "image") return { ...input, bytes: input.bytes.slice() };
  const count = items.length;
  const length = input.data.length / input.count;
  if (input.kind === "pixels") {
    const data = new Uint8Array(count * length);
    copyParts(input.data, data, items, length);
    return { ...input, data, count };
  }
  const data = new Float32Array(count * length);
  copyParts(input.data, data, items, length);
  return { ...input, data, count };
}

function copyParts<T extends Float32Array | Uint8Array>(
  from: T,
  to: T,
  parts: readonly number[],
  length: number,
): void {
  parts.forEach((part, index) => {
    to.set(from.subarray(part * length, (part + 1) * length), index * length);
  });
}
