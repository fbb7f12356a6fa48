import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { zipSync } from "fflate";
import { packNpz, unpackNpz } from "./npz.ts";

const files = fc.dictionary(fc.stringMatching(/^[a-z]+(\.[a-z]+)?$/), fc.uint8Array(), {
  maxKeys: 5,
  noNullPrototype: true,
});

Deno.test("unpackNpz() reads what packNpz() writes", () => {
  fc.assert(fc.property(files, (content) => {
    const map = new Map(Object.entries(content));
    assertEquals(unpackNpz(packNpz(map)), map);
  }));
});

Deno.test("packNpz() makes equal files of equal arrays", async () => {
  const pack = () => packNpz(new Map([["a", Uint8Array.of(1, 2)], ["b", new Uint8Array(999)]]));
  const first = pack();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(pack(), first);
});

Deno.test("unpackNpz() reads files that are not packed", () => {
  const bytes = zipSync({ "a.npy": [Uint8Array.of(1, 2, 3), { level: 0 }] });
  assertEquals(unpackNpz(bytes), new Map([["a", Uint8Array.of(1, 2, 3)]]));
});

Deno.test("unpackNpz() reads a zip with a comment", () => {
  const bytes = packNpz(new Map([["a", Uint8Array.of(1)]]));
  const commented = new Uint8Array(bytes.length + 300);
  commented.set(bytes);
  new DataView(commented.buffer).setUint16(bytes.length - 2, 300, true);
  assertEquals(unpackNpz(commented).get("a"), Uint8Array.of(1));
});

const text = new TextEncoder().encode("some text that can be packed, can be packed, can be packed");
const whole = zipSync({ "a.npy": text, "b.npy": text });
const stored = zipSync({ "a.npy": [text, { level: 0 }] });

/** Changes a file at a place that is counted from its end if negative. */
function change(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const changed = bytes.slice();
  changed.set(values, at < 0 ? bytes.length + at : at);
  return changed;
}

// The directory's entries are 51 bytes each, its end is 22.
const REFUSALS: [what: string, bytes: Uint8Array, reason: string][] = [
  ["an empty file", new Uint8Array(), "expected a zip file (.npz)"],
  ["something else", text, "expected a zip file (.npz)"],
  ["a file that is cut off", whole.subarray(0, -30), "expected a zip file (.npz)"],
  ["a file that was cut at its beginning", whole.subarray(40), "damaged"],
  ["a changed number", change(stored, 40, 0), "expected a.npy as it was packed"],
  ["a changed checksum", change(whole, -22 - 51 + 16, 1), "expected b.npy as it was packed"],
  ["a changed directory", change(whole, -22 - 51, 0), "damaged directory"],
  ["a name twice", change(whole, -22 - 51 + 46, "a".charCodeAt(0)), "expected a.npy once"],
  ["an unknown way of packing", change(whole, -22 - 51 + 10, 99), "got a damaged one"],
  ["a size beyond reason", change(whole, -22 - 51 + 24, 0, 0, 0, 0x10), "at most 2 GiB"],
  ["a smaller size", change(whole, -22 - 51 + 24, 9), "expected b.npy as it was packed"],
  ["other files", zipSync({ "a.npy": text, "readme.txt": text }), "got readme.txt"],
];

for (const [what, bytes, reason] of REFUSALS) {
  Deno.test(`unpackNpz() refuses ${what}`, () => {
    assertThrows(() => unpackNpz(bytes), SyntaxError, reason);
  });
}

Deno.test("unpackNpz() throws nothing but SyntaxError whatever is changed", () => {
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 6 }), (at, values) => {
      const bytes = whole.slice();
      bytes.set(values.subarray(0, bytes.length - at), at);
      try {
        unpackNpz(bytes);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
