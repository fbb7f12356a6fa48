import { assertEquals, assertThrows } from "@std/assert";
import { parseWholeNumber } from "./whole_number.ts";

Deno.test("parseWholeNumber() reads a number of the range, its ends included", () => {
  const numbers = ["0", "007", "12"].map((text) => parseWholeNumber("--n", text, 0, 12));
  assertEquals(numbers, [0, 7, 12]);
});

for (const text of ["", "13", "-1", "1.5", "1e1", " 1", "0x1", "one", "99999999999"]) {
  Deno.test(`parseWholeNumber() refuses ${JSON.stringify(text)}, and says what is expected`, () => {
    const message = `Cannot use --n ${text}: expected a whole number from 0 to 12`;
    assertThrows(() => parseWholeNumber("--n", text, 0, 12), RangeError, message);
  });
}
