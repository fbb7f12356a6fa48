/** Tensors of every datatype, for property tests. */

import fc from "fast-check";
import { type Datatype, DATATYPES, type Elements } from "../../../registry/oip/mod.ts";

/** The names of all datatypes. */
export const NAMES = Object.keys(DATATYPES) as Datatype[];

/** Options of {@linkcode elementsOf}. */
interface ElementsOptions {
  /** Only what JSON has a form of. */
  readonly inJson: boolean;
}

/** Any elements of a datatype. */
export function elementsOf(
  datatype: Datatype,
  { inJson }: ElementsOptions,
): fc.Arbitrary<Elements> {
  const safe = { min: BigInt(Number.MIN_SAFE_INTEGER), max: BigInt(Number.MAX_SAFE_INTEGER) };
  const finite = { noNaN: inJson, noDefaultInfinity: inJson };
  const list = <T>(element: fc.Arbitrary<T>) => fc.array(element, { maxLength: 20 });
  switch (datatype) {
    case "BOOL":
      return list(fc.nat(1)).map((all) => Uint8Array.from(all));
    case "UINT8":
      return list(fc.nat(255)).map((all) => Uint8Array.from(all));
    case "UINT16":
      return list(fc.nat(65_535)).map((all) => Uint16Array.from(all));
    case "UINT32":
      return list(fc.nat(2 ** 32 - 1)).map((all) => Uint32Array.from(all));
    case "UINT64":
      return list(fc.bigInt(inJson ? { ...safe, min: 0n } : { min: 0n, max: 2n ** 64n - 1n }))
        .map((all) => BigUint64Array.from(all));
    case "INT8":
      return list(fc.integer({ min: -128, max: 127 })).map((all) => Int8Array.from(all));
    case "INT16":
      return list(fc.integer({ min: -32_768, max: 32_767 })).map((all) => Int16Array.from(all));
    case "INT32":
      return list(fc.integer()).map((all) => Int32Array.from(all));
    case "INT64":
      return list(fc.bigInt(inJson ? safe : { min: -(2n ** 63n), max: 2n ** 63n - 1n }))
        .map((all) => BigInt64Array.from(all));
    case "FP16":
      return list(fc.double({ ...finite, min: -65_504, max: 65_504 }))
        .map((all) => Float16Array.from(all));
    case "FP32":
      return list(fc.float(finite)).map((all) => Float32Array.from(all));
    case "FP64":
      return list(fc.double(finite)).map((all) => Float64Array.from(all));
    case "BF16":
      return list(fc.nat(65_535)).map((halves) => {
        const bits = Uint32Array.from(halves, (half) => half << 16);
        // One NaN stands for all.
        return new Float32Array(bits.buffer).map((value) => Number.isNaN(value) ? NaN : value);
      });
    case "BYTES":
      return inJson
        ? list(fc.string({ unit: "binary" })).map((all) =>
          all.map((text) => new TextEncoder().encode(text))
        )
        : list(fc.uint8Array({ maxLength: 12 }));
  }
}
