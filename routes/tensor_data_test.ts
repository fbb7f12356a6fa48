import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidInputError } from "../registry/mod.ts";
import { readNumbers, sameShape } from "./tensor_data.ts";

const MAX_FLOAT32 = 3.4028234663852886e38;

/** Cuts a list into rows of a size that divides its length. */
function rows(values: readonly unknown[], size: number): unknown[][] {
  return Array.from(
    { length: values.length / size },
    (_, row) => values.slice(row * size, (row + 1) * size),
  );
}

Deno.test("readNumbers() reads flat and nested data alike", () => {
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
    assertEquals(readNumbers(flat, flat.length, "data"), expected);
    assertEquals(readNumbers(nested, flat.length, "data"), expected);
  }));
});

Deno.test("readNumbers() rounds to 32 bits", () => {
  assertEquals(readNumbers([0.1, -MAX_FLOAT32], 2, "data"), Float32Array.of(0.1, -MAX_FLOAT32));
});

/** JSON of a value that is no finite 32-bit number, and how the error shows it. */
const NO_NUMBERS: [json: string, shown: string][] = [
  ["null", "null"],
  ["true", "true"],
  ['"1"', '"1"'],
  ['"NaN"', '"NaN"'],
  ['""', '""'],
  ["{}", "{}"],
  ['{"length":1}', '{"length":1}'],
  ["1e999", "Infinity"],
  ["-1e999", "-Infinity"],
  ["3.5e38", "3.5e+38"],
  ["-3.5e38", "-3.5e+38"],
];

for (const [json, shown] of NO_NUMBERS) {
  Deno.test(`readNumbers() refuses ${json} and names its index`, () => {
    for (const text of [`[1, 2, ${json}, 4]`, `[[1, 2], [${json}, 4]]`]) {
      const error = assertThrows(
        () => readNumbers(JSON.parse(text), 4, "inputs[0].data"),
        InvalidInputError,
        `is ${shown}, expected a finite 32-bit number`,
      );
      assertEquals(error.field, "inputs[0].data[2]");
    }
  });
}

Deno.test("readNumbers() refuses NaN, which JSON has no word for", () => {
  assertThrows(() => readNumbers([NaN], 1, "data"), InvalidInputError, "is NaN, expected");
});

for (const [count, value] of [[3, [1, 2]], [3, [1, 2, 3, 4]], [1, []], [3, [[1], [2]]]] as const) {
  Deno.test(`readNumbers() refuses ${JSON.stringify(value)} for ${count} numbers`, () => {
    const length = value.flat().length;
    const error = assertThrows(
      () => readNumbers(value, count, "data"),
      InvalidInputError,
      `has ${length} numbers, expected ${count}`,
    );
    assertEquals(error.field, "data");
  });
}

for (const value of [undefined, null, 5, "[1]", { 0: 1, length: 1 }, Float32Array.of(1)]) {
  Deno.test(`readNumbers() refuses ${JSON.stringify(value)}, which is no array`, () => {
    const error = assertThrows(
      () => readNumbers(value, 1, "data"),
      InvalidInputError,
      "expected an array of 1 numbers",
    );
    assertEquals(error.field, "data");
  });
}

Deno.test("readNumbers() refuses 100,000 nested arrays like any other input", () => {
  const [open, close] = ["[".repeat(100_000), "]".repeat(100_000)];
  for (const json of [open + close, `[1, ${open}1${close}]`]) {
    assertThrows(() => readNumbers(JSON.parse(json), 2, "data"), InvalidInputError);
  }
});

Deno.test("readNumbers() keeps errors short, however long the data", () => {
  const data = ["x".repeat(100_000)];
  const error = assertThrows(() => readNumbers(data, 1, "data"), InvalidInputError);
  assert(error.message.length < 200, `${error.message.length} characters`);
});

Deno.test("sameShape() takes the expected shape and nothing else", () => {
  assert(sameShape([1, 28, 28], [1, 28, 28]));
  const others = [[28, 28], [1, 28], [1, 28, 28, 1], [1, 28, 29], ["1", 28, 28], [], null, "1,28"];
  for (const shape of others) assert(!sameShape(shape, [1, 28, 28]), JSON.stringify(shape));
});
