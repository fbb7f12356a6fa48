import { assertEquals } from "@std/assert";
import { spy } from "@std/testing/mock";
import { readBody } from "./read_body.ts";

Deno.test("readBody() gives all bytes, and tells how many have come", async () => {
  const onBytes = spy();
  const chunks = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  assertEquals(await readBody(ReadableStream.from(chunks), onBytes), Uint8Array.of(1, 2, 3));
  assertEquals(onBytes.calls.map(({ args }) => args), [[2], [3]]);
});
