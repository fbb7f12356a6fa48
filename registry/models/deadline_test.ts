import { assertEquals, assertRejects } from "@std/assert";
import { withDeadline } from "./deadline.ts";

const LONG = 60_000;

Deno.test("withDeadline() gives what the task gives, and leaves no timer", async () => {
  const signals: AbortSignal[] = [];
  const given = await withDeadline({ ms: LONG, message: "late" }, (signal) => {
    signals.push(signal);
    return Promise.resolve(5);
  });
  assertEquals([given, signals[0]?.aborted], [5, false]);
});

Deno.test("withDeadline() fails as the task does", async () => {
  const task = () => Promise.reject(new RangeError("no"));
  await assertRejects(() => withDeadline({ ms: LONG, message: "late" }, task), RangeError, "no");
});

Deno.test("withDeadline() does not wait for a task that never ends, and tells it", async () => {
  let signal: AbortSignal | undefined;
  const task = (given: AbortSignal) => {
    signal = given;
    return new Promise<never>(() => {});
  };
  await assertRejects(() => withDeadline({ ms: 1, message: "it is late" }, task), Error, "is late");
  assertEquals(signal?.aborted, true);
});

Deno.test("withDeadline() ends with the outer signal, also one that has ended already", async () => {
  const outer = new AbortController();
  const limit = { ms: LONG, message: "late", signal: outer.signal };
  const forever = () => new Promise<never>(() => {});
  const waiting = assertRejects(() => withDeadline(limit, forever), Error, "enough");
  outer.abort(new Error("enough"));
  await waiting;
  await assertRejects(() => withDeadline(limit, forever), Error, "enough");
});
