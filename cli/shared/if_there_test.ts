import { assertEquals, assertRejects } from "@std/assert";
import { ifThere } from "./if_there.ts";

Deno.test("ifThere() gives what was read, and nothing where there is no such file", async () => {
  assertEquals(await ifThere(Promise.resolve("text")), "text");
  assertEquals(await ifThere(Deno.readTextFile("no-such-file")), undefined);
});

Deno.test("ifThere() fails of any other error", async () => {
  await assertRejects(() => ifThere(Deno.readTextFile("cli")), Error);
  await assertRejects(() => ifThere(Promise.reject(new RangeError("no"))), RangeError, "no");
});
