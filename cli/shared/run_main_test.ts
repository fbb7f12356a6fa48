import { assertEquals } from "@std/assert";
import { stub } from "@std/testing/mock";
import { messageOf, runMain } from "./run_main.ts";

/** Runs a command; gives what it printed of errors, and the codes with which it would have ended. */
async function ending(...args: Parameters<typeof runMain>) {
  using printed = stub(console, "error");
  using exited = stub(Deno, "exit", () => {
    throw new Error("ended");
  });
  await runMain(...args).catch(() => {});
  return [printed, exited].map(({ calls }) => calls.map(({ args: [first] }) => first));
}

Deno.test("runMain() ends of itself where the command succeeds", async () => {
  assertEquals(await ending(() => Promise.resolve()), [[], []]);
  assertEquals(await ending(() => Promise.resolve(true)), [[], []]);
});

Deno.test("runMain() prints why a command fails, and ends with code 1", async () => {
  const fails = () => Promise.reject(new RangeError("no such pair"));
  assertEquals(await ending(fails), [["no such pair"], [1]]);
  assertEquals(await ending(fails, () => "see the docs"), [["see the docs"], [1]]);
});

Deno.test("runMain() leaves it to a command to say that it has failed", async () => {
  assertEquals(await ending(() => Promise.resolve(false)), [[], [1]]);
});

Deno.test("messageOf() has a line for each of several errors", () => {
  const errors = [new Error("one"), new AggregateError([new TypeError("two"), "three"])];
  assertEquals(messageOf(new AggregateError(errors)), "one\ntwo\nthree");
});
