import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { formatNpy, type NpyArray, parseNpy } from "./npy.ts";
import { formatHeader } from "./npy_header.ts";
import { unpackNpz } from "./npz.ts";

const FIXTURES = new URL("../../../tests/fixtures/traces/", import.meta.url);

/** Files that NumPy wrote, by the name of the array. */
async function numpyFiles(name: string): Promise<Map<string, Uint8Array>> {
  return unpackNpz(await Deno.readFile(new URL(name, FIXTURES)));
}

Deno.test("parseNpy() reads every element type that NumPy writes", async () => {
  const types = await numpyFiles("types.npz");
  const read = (name: string) => parseNpy(types.get(name) as Uint8Array);
  for (const dtype of ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]) {
    const { shape, values } = read(`numbers ${dtype}`);
    assertEquals(shape, [2, 3], dtype);
    assertEquals(Array.from<unknown, number>(values, Number), [0, 1, 2, 100, 0, 1], dtype);
  }
  assertEquals(Array.from<unknown, number>(read("numbers ?").values, Number), [0, 1, 1, 1, 0, 1]);
  assertEquals(read("three dimensions").shape, [2, 1, 3]);
  assertEquals(read("single number"), { dtype: "<f8", shape: [], values: Float64Array.of(0.5) });
  assertEquals(read("single text").values, ["a".repeat(70)]);
  assertEquals(read("texts").values, ["", "é🦥", "abc"]);
  assertEquals(read("empty").shape, [0, 4]);
});

Deno.test("formatNpy() writes what NumPy writes, byte for byte", async () => {
  for (const name of ["full.npz", "least.npz", "types.npz"]) {
    for (const [array, bytes] of await numpyFiles(name)) {
      const parsed = parseNpy(bytes);
      // Truth values are read as bytes, and never written.
      if (parsed.dtype === "|b1") continue;
      assertEquals([...formatNpy(parsed)], [...bytes], `${array} of ${name}`);
    }
  }
});

Deno.test("parseNpy() reads half precision exactly, subnormal numbers included", () => {
  const patterns = Uint16Array.from({ length: 65536 }, (_, pattern) => pattern);
  const half = new Float16Array(patterns.buffer);
  const read = parseNpy(formatNpy({ shape: [65536], values: half })).values as Float16Array;
  patterns.forEach((pattern) => {
    const [exponent, fraction] = [(pattern >> 10) & 31, pattern & 1023];
    const special = fraction === 0 ? Infinity : NaN;
    const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
    const expected = (pattern >> 15 ? -1 : 1) * (exponent === 31 ? special : size);
    assert(Object.is(read[pattern], expected), `pattern ${pattern}`);
  });
});

const texts = fc.array(
  fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")),
  { minLength: 1 },
);
const arrays: fc.Arbitrary<NpyArray> = fc.oneof(
  fc.float64Array().map((values) => ({ shape: [values.length], values })),
  fc.float32Array().map((values) => ({ shape: [1, values.length, 1], values })),
  fc.uint16Array({ minLength: 1, maxLength: 1 }).map((values) => ({ shape: [], values })),
  fc.bigInt64Array().map((values) => ({ shape: [values.length], values })),
  texts.map((values) => ({ shape: [values.length, 1], values })),
);

Deno.test("parseNpy() reads what formatNpy() writes", () => {
  fc.assert(fc.property(arrays, ({ shape, values }) => {
    const read = parseNpy(formatNpy({ shape, values }));
    assertEquals(read.shape, shape);
    assertEquals<unknown>(read.values, values);
  }));
});

/** A file with the given text as its header, and no data. */
function withHeader(text: string, version = 1): Uint8Array {
  const length = version === 1 ? [0, 0] : [0, 0, 0, 0];
  length[0] = text.length & 0xff;
  length[1] = text.length >> 8;
  const magic = [0x93, ...new TextEncoder().encode("NUMPY")];
  return Uint8Array.of(...magic, version, 0, ...length, ...new TextEncoder().encode(text));
}

function dict(descr: string, order = "False", shape = "(0,)"): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

Deno.test("parseNpy() takes members in any order and later versions of the format", () => {
  const header = "{ 'shape':(0 , 2),'fortran_order':False ,'descr':'<f4'}\n";
  for (const version of [1, 2, 3]) {
    assertEquals(parseNpy(withHeader(header, version)).shape, [0, 2]);
  }
});

const plain = withHeader(dict("'<f4'"));
const endless = `(${"9".repeat(400)}, 0)`;

const REFUSALS: [what: string, bytes: Uint8Array, reason: string][] = [
  ["an empty file", new Uint8Array(), "expected a .npy file"],
  ["something else", new TextEncoder().encode("labels,ids"), "expected a .npy file"],
  ["a file that ends in its header", plain.subarray(0, 40), "cut off"],
  ["a file that ends before its header", plain.subarray(0, 8), "cut off"],
  ["an unknown version", withHeader(dict("'<f4'"), 4), "1.0, 2.0 or 3.0, got 4.0"],
  ["objects", withHeader(dict("'|O'")), "cannot read dtype |O"],
  ["bytes", withHeader(dict("'|S3'")), "cannot read dtype |S3"],
  ["complex numbers", withHeader(dict("'<c8'")), "cannot read dtype <c8"],
  ["another byte order", withHeader(dict("'>f4'")), "cannot read dtype >f4"],
  ["text without width", withHeader(dict("'<U0'")), "cannot read dtype <U0"],
  ["a member of every object", withHeader(dict("'toString'")), "cannot read dtype toString"],
  ["records", withHeader(dict("[('a', '<f4')]")), "expected a plain array"],
  ["columns before rows", withHeader(dict("'<f4'", "True")), "numpy.ascontiguousarray"],
  ["a member twice", withHeader(dict("'<f4'").replace("shape", "descr")), "a plain array"],
  ["a shape that is none", withHeader(dict("'<f4'", "False", "'(2,)'")), "a plain array"],
  ["too little data", withHeader(dict("'<f4'", "False", "(2, 3)")), "expected 24 bytes"],
  ["too much data", Uint8Array.of(...plain, 0, 0, 0, 0), "expected 0 bytes"],
  ["a shape beyond all numbers", withHeader(dict("'<f4'", "False", endless)), "expected NaN bytes"],
];

for (const [what, bytes, reason] of REFUSALS) {
  Deno.test(`parseNpy() refuses ${what}`, () => {
    assertThrows(() => parseNpy(bytes), SyntaxError, reason);
  });
}

Deno.test("parseNpy() refuses text that is not Unicode and names the element", () => {
  for (const code of [0x110000, 0xd800]) {
    const codes = new Uint8Array(Uint32Array.of(65, code).buffer);
    const bytes = Uint8Array.of(...formatHeader("<U1", [2]), ...codes);
    assertThrows(() => parseNpy(bytes), SyntaxError, `code point ${code} in element 1`);
  }
});
