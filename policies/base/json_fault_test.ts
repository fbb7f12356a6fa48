import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { jsonFault } from "./json_fault.ts";

for (
  const [text, fault] of [
    ["root:x:0:0", "invalid symbol at line 1, column 1"],
    ["", "value expected at line 1, column 1"],
    ['{"a": 1,\n  secret}', "invalid symbol at line 2, column 3"],
    ["{} {}", "end of file expected at line 1, column 4"],
    ["// note\n{}", "invalid comment token at line 1, column 1"],
    ["[".repeat(60_000), "nested too deeply"],
    ["\ufeff{}", "invalid symbol at line 1, column 1"],
  ] as const
) {
  Deno.test(`jsonFault() says of ${JSON.stringify(text.slice(0, 20))}: ${fault}`, () => {
    assertEquals(jsonFault(text), fault);
  });
}

Deno.test("jsonFault() shows nothing of the text", () => {
  const parts = fc.array(fc.constantFrom("s3cret", '"', "{", "}", "[", ":", ",", "1", "\n", "\\"));
  fc.assert(
    fc.property(parts, (list) => {
      const fault = jsonFault(list.join(""));
      assert(!fault.includes("s3cret"), fault);
    }),
  );
});
