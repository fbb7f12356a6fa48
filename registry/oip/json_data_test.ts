import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidInputError } from "../base/errors.ts";
import { elementsOf, NAMES } from "../../tests/harness/generators/arbitrary_tensors.ts";
import type { Datatype } from "./datatypes.ts";
import { readJsonData, writeJsonData } from "./json_data.ts";

const MAX_FLOAT32 = 3.4028234663852886e38;

/** Cuts a list into rows of a size that divides its length. */
function rows(values: readonly unknown[], size: number): unknown[][] {
  return Array.from(
    { length: values.length / size },
    (_, row) => values.slice(row * size, (row + 1) * size),
  );
}

for (const datatype of NAMES.filter((name) => name !== "BF16")) {
  Deno.test(`${datatype} comes back from JSON as it was`, () => {
    fc.assert(fc.property(elementsOf(datatype, { inJson: true }), (data) => {
      const json = JSON.parse(JSON.stringify(writeJsonData(datatype, data as never)));
      const read = readJsonData(datatype, json, data.length, "data");
      // JSON has no negative zero.
      const isFloat = datatype.startsWith("FP");
      assertEquals(
        isFloat ? Array.from(read as Float32Array, positive) : read as unknown,
        isFloat ? Array.from(data as Float32Array, positive) : data,
      );
    }));
  });
}

function positive(value: number): number {
  return value === 0 ? 0 : value;
}

Deno.test("readJsonData() reads flat and nested data alike", () => {
  const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
  const tensors = shapes.chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const values = fc.array(float32, { minLength: length, maxLength: length });
    return values.map((flat) => ({ shape, flat }));
  });
  fc.assert(fc.property(tensors, ({ shape, flat }) => {
    const nested = shape.slice(1).reduceRight<unknown[]>((data, size) => rows(data, size), flat);
    const expected = Float32Array.from(flat);
    assertEquals(readJsonData("FP32", flat, flat.length, "data"), expected);
    assertEquals(readJsonData("FP32", nested, flat.length, "data"), expected);
  }));
});

Deno.test("readJsonData() rounds FP32 to 32 bits", () => {
  const expected = Float32Array.of(0.1, -MAX_FLOAT32);
  assertEquals(readJsonData("FP32", [0.1, -MAX_FLOAT32], 2, "data"), expected);
});

/** JSON of a value that is none of a datatype, and how the error shows it. */
const WRONG: [Datatype, json: string, shown: string, expected: string][] = [
  ["FP32", "null", "null", "a finite 32-bit number"],
  ["FP32", "true", "true", "a finite 32-bit number"],
  ["FP32", '"1"', '"1"', "a finite 32-bit number"],
  ["FP32", '"NaN"', '"NaN"', "a finite 32-bit number"],
  ["FP32", '""', '""', "a finite 32-bit number"],
  ["FP32", "{}", "{}", "a finite 32-bit number"],
  ["FP32", '{"length":1}', '{"length":1}', "a finite 32-bit number"],
  ["FP32", "1e999", "Infinity", "a finite 32-bit number"],
  ["FP32", "-1e999", "-Infinity", "a finite 32-bit number"],
  ["FP32", "3.5e38", "3.5e+38", "a finite 32-bit number"],
  ["FP32", "-3.5e38", "-3.5e+38", "a finite 32-bit number"],
  ["FP16", "65520", "65520", "a finite 16-bit number"],
  ["FP64", "1e999", "Infinity", "a finite 64-bit number"],
  ["BOOL", "1", "1", "true or false"],
  ["BOOL", '"true"', '"true"', "true or false"],
  ["UINT8", "256", "256", "a whole number from 0 to 255"],
  ["UINT8", "-1", "-1", "a whole number from 0 to 255"],
  ["UINT8", "1.5", "1.5", "a whole number from 0 to 255"],
  ["UINT16", "65536", "65536", "a whole number from 0 to 65535"],
  ["UINT32", "4294967296", "4294967296", "a whole number from 0 to 4294967295"],
  ["UINT64", "-1", "-1", "a whole number from 0 to 9007199254740991"],
  ["UINT64", "9007199254740993", "9007199254740992", "or larger ones as binary data"],
  ["INT8", "128", "128", "a whole number from -128 to 127"],
  ["INT8", "-129", "-129", "a whole number from -128 to 127"],
  ["INT16", "-32769", "-32769", "a whole number from -32768 to 32767"],
  ["INT32", "2147483648", "2147483648", "a whole number from -2147483648 to 2147483647"],
  ["INT64", "1e300", "1e+300", "or larger ones as binary data"],
  ["BYTES", "1", "1", "a string"],
  ["BYTES", '"\\ud800"', '"\\ud800"', "a string"],
];

const RIGHT: Partial<Record<Datatype, unknown>> = { BOOL: true, BYTES: "a" };

for (const [datatype, json, shown, expected] of WRONG) {
  Deno.test(`readJsonData() refuses ${json} as ${datatype} and names its index`, () => {
    const right = JSON.stringify(RIGHT[datatype] ?? 1);
    const flat = `[${right}, ${right}, ${json}, ${right}]`;
    for (const text of [flat, `[[${right}, ${right}], [${json}, ${right}]]`]) {
      const error = assertThrows(
        () => readJsonData(datatype, JSON.parse(text), 4, "inputs[0].data"),
        InvalidInputError,
        `is ${shown}, expected ${expected.startsWith("or") ? "" : expected}`,
      );
      assert(error.message.includes(expected), error.message);
      assertEquals(error.field, "inputs[0].data[2]");
    }
  });
}

Deno.test("JSON has no BF16", () => {
  assertThrows(
    () => readJsonData("BF16", [1], 1, "data"),
    InvalidInputError,
    "expected binary data",
  );
  assertThrows(() => writeJsonData("BF16", Float32Array.of(1)), RangeError, "BF16");
});

Deno.test("writeJsonData() refuses what JSON cannot tell exactly", () => {
  const large = BigInt64Array.of(2n ** 53n + 1n);
  assertThrows(() => writeJsonData("INT64", large), RangeError, "9007199254740993");
  assertThrows(() => writeJsonData("BYTES", [Uint8Array.of(0xff)]), TypeError);
});

Deno.test("readJsonData() refuses NaN, which JSON has no word for", () => {
  const read = () => readJsonData("FP32", [NaN], 1, "data");
  assertThrows(read, InvalidInputError, "is NaN, expected");
});

for (const [count, value] of [[3, [1, 2]], [3, [1, 2, 3, 4]], [1, []], [3, [[1], [2]]]] as const) {
  Deno.test(`readJsonData() refuses ${JSON.stringify(value)} for ${count} elements`, () => {
    const length = value.flat().length;
    const error = assertThrows(
      () => readJsonData("FP32", value, count, "data"),
      InvalidInputError,
      `has ${length} elements, expected ${count}`,
    );
    assertEquals(error.field, "data");
  });
}

for (const value of [undefined, null, 5, "[1]", { 0: 1, length: 1 }, Float32Array.of(1)]) {
  Deno.test(`readJsonData() refuses ${JSON.stringify(value)}, which is no array`, () => {
    const error = assertThrows(
      () => readJsonData("FP32", value, 1, "data"),
      InvalidInputError,
      "expected an array of 1 elements",
    );
    assertEquals(error.field, "data");
  });
}

Deno.test("readJsonData() refuses 100,000 nested arrays like any other input", () => {
  const [open, close] = ["[".repeat(100_000), "]".repeat(100_000)];
  for (const json of [open + close, `[1, ${open}1${close}]`]) {
    const read = () => readJsonData("FP32", JSON.parse(json), 2, "data");
    assertThrows(read, InvalidInputError);
  }
});

Deno.test("readJsonData() keeps errors short, however long the data", () => {
  const data = ["x".repeat(100_000)];
  const error = assertThrows(() => readJsonData("FP32", data, 1, "data"), InvalidInputError);
  assert(error.message.length < 200, `${error.message.length} characters`);
});
