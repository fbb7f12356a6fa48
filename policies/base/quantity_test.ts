import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parseFactor, parseMilliseconds, parseShare } from "./quantity.ts";

Deno.test("parseShare() reads per cent and fractions", () => {
  assertEquals(["1%", "0.5 %", "0.7%", "0", "0.02"].map((text) => parseShare("--max-loss", text)), [
    0.01,
    0.005,
    0.007,
    0,
    0.02,
  ]);
  assertAlmostEquals(parseShare("--max-loss", "0.29%"), 0.0029, 0);
});

Deno.test("parseShare() refuses what is not a share", () => {
  assertThrows(
    () => parseShare("--max-loss", "1"),
    RangeError,
    "Cannot use --max-loss 1: expected at least 0% and less than 100%; did you mean 1%?",
  );
  for (const text of ["-1%", "100%", "1.5"]) {
    assertThrows(() => parseShare("--max-loss", text), RangeError);
  }
  for (const text of ["", "one", "1%%", "1 ms", "NaN", "1,5%"]) {
    assertThrows(() => parseShare("--max-loss", text), SyntaxError, "such as 1% or 0.01");
  }
});

Deno.test("parseMilliseconds() reads units", () => {
  const texts = ["2ms", "2", "500us", "500 µs", "0.002s"];
  assertEquals(texts.map((text) => parseMilliseconds("--max-cost", text)), [2, 2, 0.5, 0.5, 2]);
  assertThrows(() => parseMilliseconds("--max-cost", "2 minutes"), SyntaxError, "500us");
  assertThrows(() => parseMilliseconds("--max-cost", "0ms"), RangeError, "more than 0");
});

Deno.test("parseFactor() reads a factor", () => {
  assertEquals(["3", "2.5x", "4×"].map((text) => parseFactor("--speedup", text)), [3, 2.5, 4]);
  assertThrows(() => parseFactor("--speedup", "3%"), SyntaxError, "such as 3 or 3x");
  assertThrows(() => parseFactor("--speedup", "-3"), RangeError);
});
