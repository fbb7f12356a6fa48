import { assertEquals } from "@std/assert";
import plugin from "./function_shape.ts";

/** What the plugin says of a file. */
function lint(filename: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, filename, source).map(({ id, message }) =>
    `${id}: ${message}`
  );
}

/** The body of a function that has as many lines as asked for, with its braces. */
function body(lines: number): string {
  return `{\n${"  work();\n".repeat(lines - 2)}}`;
}

const LONG = "function-shape/max-lines";
const WIDE = "function-shape/max-parameters";

Deno.test("max-lines finds a function of more than 60 lines, whatever it is written as", () => {
  const source = `
export function declared() ${body(61)}
const bound = () => ${body(62)};
class Some {
  async method() ${body(63)}
}
run(function () ${body(64)});
const fits = () => ${body(60)};
`;
  assertEquals(lint("registry/some.ts", source), [
    `${LONG}: Function declared has 61 lines, expected at most 60`,
    `${LONG}: Function bound has 62 lines, expected at most 60`,
    `${LONG}: Function method has 63 lines, expected at most 60`,
    `${LONG}: A function has 64 lines, expected at most 60`,
  ]);
});

Deno.test("max-parameters finds a function with more than 4, whatever it is written as", () => {
  const five = "(a: 1, b: 1, c: 1, d?: 1, e = 1)";
  const types = five.replace(" = 1", ": 1");
  const source = `
export function declared${five} {}
const bound = ${five} => 1;
class Some {
  constructor${five} {}
  method${five} {}
}
interface Any {
  method${types}: void;
  property: ${types} => void;
}
function fits(a: 1, b: 1, c: 1, { d, e }: Any) {}
`;
  assertEquals(lint("policies/learn/some.ts", source), [
    `${WIDE}: Function declared has 5 parameters, expected at most 4`,
    `${WIDE}: Function bound has 5 parameters, expected at most 4`,
    `${WIDE}: Function constructor has 5 parameters, expected at most 4`,
    `${WIDE}: Function method has 5 parameters, expected at most 4`,
    `${WIDE}: Function method has 5 parameters, expected at most 4`,
    `${WIDE}: A function has 5 parameters, expected at most 4`,
  ]);
});

Deno.test("both rules look at policies/ and registry/ only, without tests", () => {
  const source = `function some(a: 1, b: 1, c: 1, d: 1, e: 1) ${body(61)}`;
  for (const filename of ["routes/some.ts", "registry/some_test.ts", "tests/registry/some.ts"]) {
    assertEquals(lint(filename, source), []);
  }
  const absolute = new URL("../../policies/some.ts", import.meta.url).pathname;
  assertEquals(lint(absolute, source).length, 2);
});
