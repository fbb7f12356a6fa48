import { assertEquals, assertThrows } from "@std/assert";
import { withUsage } from "./with_usage.ts";

Deno.test("withUsage() gives what was read", () => {
  assertEquals(withUsage("Usage: …", () => 7), 7);
});

Deno.test("withUsage() says why nothing could be read, and how to use the command", () => {
  const cause = new TypeError("Unknown option");
  const read = () => {
    throw cause;
  };
  const error = assertThrows(() => withUsage("Usage: …", read), Error);
  assertEquals([error.message, error.cause], ["Unknown option\n\nUsage: …", cause]);
});
