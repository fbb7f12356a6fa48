import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidInputError } from "../base/errors.ts";
import { elementsOf, NAMES } from "../../tests/harness/generators/arbitrary_tensors.ts";
import { readBinaryData, writeBinaryData } from "./binary_data.ts";
import { type Datatype, DATATYPES } from "./datatypes.ts";

/** The bytes at any place of a larger buffer. */
function placed(bytes: Uint8Array, offset: number): Uint8Array<ArrayBuffer> {
  const buffer = new Uint8Array(offset + bytes.length + 3);
  buffer.set(bytes, offset);
  return buffer.subarray(offset, offset + bytes.length);
}

for (const datatype of NAMES) {
  const tensors = elementsOf(datatype, { inJson: false });

  Deno.test(`${datatype} comes back from binary data as it was, wherever it lies`, () => {
    fc.assert(fc.property(tensors, fc.nat(9), (data, offset) => {
      const bytes = placed(writeBinaryData(datatype, data as never), offset);
      assertEquals(readBinaryData(datatype, bytes, data.length, "data"), data);
    }));
  });

  Deno.test(`${datatype} is refused with any number of bytes too few or too many`, () => {
    const changes = fc.integer({ min: -40, max: 40 }).filter((change) => change !== 0);
    fc.assert(fc.property(tensors, changes, (data, change) => {
      const whole = writeBinaryData(datatype, data as never);
      fc.pre(whole.length + change >= 0);
      const bytes = new Uint8Array(whole.length + change);
      bytes.set(whole.subarray(0, bytes.length));
      const error = assertThrows(
        () => readBinaryData(datatype, bytes, data.length, "inputs[0].data"),
        InvalidInputError,
      );
      assert(/^inputs\[0\]\.data(\[\d+\])?$/.test(error.field), error.field);
    }));
  });
}

/** A value of each datatype and its bytes, as NumPy gives them: `np.array([…], dtype).tobytes()`. */
const BYTES_OF: readonly [Datatype, data: unknown, bytes: number[]][] = [
  ["BOOL", Uint8Array.of(1, 0), [1, 0]],
  ["UINT16", Uint16Array.of(0x1234), [0x34, 0x12]],
  ["INT16", Int16Array.of(-2), [0xfe, 0xff]],
  ["UINT32", Uint32Array.of(0x12345678), [0x78, 0x56, 0x34, 0x12]],
  ["INT64", BigInt64Array.of(-2n), [0xfe, ...Array<number>(7).fill(0xff)]],
  ["UINT64", BigUint64Array.of(2n ** 63n), [0, 0, 0, 0, 0, 0, 0, 0x80]],
  ["FP16", Float16Array.of(1.5), [0x00, 0x3e]],
  ["FP32", Float32Array.of(1.5), [0x00, 0x00, 0xc0, 0x3f]],
  ["FP64", Float64Array.of(1.5), [0, 0, 0, 0, 0, 0, 0xf8, 0x3f]],
  ["BF16", Float32Array.of(1.5, -Infinity), [0xc0, 0x3f, 0x80, 0xff]],
  ["BYTES", [Uint8Array.of(7, 8), new Uint8Array(0)], [2, 0, 0, 0, 7, 8, 0, 0, 0, 0]],
];

for (const [datatype, data, expected] of BYTES_OF) {
  Deno.test(`writeBinaryData() writes ${datatype} little-endian`, () => {
    assertEquals([...writeBinaryData(datatype, data as never)], expected);
  });
}

Deno.test("writeBinaryData() rounds BF16 to the nearest, to the even one of two, and keeps NaN", () => {
  const bits = Uint32Array.of(0x3f80_8000, 0x3f81_8000, 0x3f80_8001, 0x7f80_0001);
  const bytes = writeBinaryData("BF16", new Float32Array(bits.buffer));
  const halves = [...new Uint16Array(bytes.buffer, bytes.byteOffset, 4)];
  assertEquals(halves.slice(0, 3), [0x3f80, 0x3f82, 0x3f81]);
  assert(Number.isNaN(readBinaryData("BF16", new Uint8Array(bytes), 4, "data")[3]));
});

Deno.test("readBinaryData() gives a view where the bytes are aligned, else a copy", () => {
  const bytes = new Uint8Array(20);
  const view = readBinaryData("FP32", bytes.subarray(4, 12), 2, "data");
  assertEquals([view.buffer === bytes.buffer, view.byteOffset], [true, 4]);
  const copy = readBinaryData("FP32", bytes.subarray(3, 11), 2, "data");
  assertEquals([copy.buffer.byteLength, copy.byteOffset], [8, 0]);
});

Deno.test("readBinaryData() says how many bytes were expected", () => {
  const message = "data: has 7 bytes, expected 12 (3 × 4 of FP32)";
  assertThrows(
    () => readBinaryData("FP32", new Uint8Array(7), 3, "data"),
    InvalidInputError,
    message,
  );
});

Deno.test("readBinaryData() takes no other bytes than 0 and 1 for BOOL", () => {
  const error = assertThrows(
    () => readBinaryData("BOOL", Uint8Array.of(0, 1, 2), 3, "data"),
    InvalidInputError,
    "is 2, expected 0 or 1",
  );
  assertEquals(error.field, "data[2]");
});

Deno.test("readBinaryData() names the byte string at which the bytes end", () => {
  const cases: [bytes: number[], field: string, message: string][] = [
    [[1, 0, 0, 0, 9, 2, 0, 0, 0, 9], "data[1]", "cut off"],
    [[1, 0, 0, 0, 9, 2, 0], "data[1]", "cut off"],
    [[255, 255, 255, 255, 0, 0, 0, 0], "data[0]", "cut off"],
    [[0, 0, 0, 0, 0, 0, 0, 0, 5], "data", "has 1 bytes after its last element"],
  ];
  for (const [bytes, field, message] of cases) {
    const error = assertThrows(
      () => readBinaryData("BYTES", Uint8Array.from(bytes), 2, "data"),
      InvalidInputError,
      message,
    );
    assertEquals(error.field, field);
  }
});

Deno.test("every datatype but BYTES has the size of the specification", () => {
  const sizes = Object.entries(DATATYPES).map((
    [name, { view }],
  ) => [name, view?.BYTES_PER_ELEMENT]);
  assertEquals(Object.fromEntries(sizes), {
    ...{
      BOOL: 1,
      UINT8: 1,
      UINT16: 2,
      UINT32: 4,
      UINT64: 8,
      INT8: 1,
      INT16: 2,
      INT32: 4,
      INT64: 8,
    },
    ...{ FP16: 2, FP32: 4, FP64: 8, BF16: 2, BYTES: undefined },
  });
});
