import { assertEquals, assertRejects } from "@std/assert";
import { type Answers, FakeWorker, requestOf } from "../../tests/harness/fakes/fake_worker.ts";
import { spy } from "@std/testing/mock";
import { FakeTime } from "@std/testing/time";
import { settle } from "../../tests/harness/wait/settle.ts";
import { PluginError } from "../base/errors.ts";
import { WorkerCrashError } from "./client.ts";
import type { RunReply } from "./requests.ts";
import { type Job, type MakeCall, Slot } from "./slot.ts";

const ANSWER: RunReply = { items: [], decodeMs: 0 };

/** A slot on fake workers, and what it told. */
function slotOf(auto: Answers = {}) {
  const workers: FakeWorker[] = [];
  const broadcasts = new Map<string, MakeCall>();
  const told: string[] = [];
  const slot: Slot = new Slot({
    spawn: () => {
      workers.push(new FakeWorker(auto));
      return workers.at(-1)!;
    },
    broadcasts,
    onCrash: (reason) => told.push(reason),
    onFree: () => told.push("free"),
  });
  return { slot, workers, broadcasts, told, [Symbol.dispose]: () => slot.close() };
}

/** Starts a request of a pair; gives its answer. */
function start(slot: Slot, pair: string, options: Pick<Job, "signal" | "onStart"> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<RunReply>();
  slot.start({ request: requestOf(pair), ...options, resolve, reject });
  return promise;
}

Deno.test("Slot is free until it runs a request, and says when it is again", async () => {
  using made = slotOf();
  const { slot, workers: [worker], told } = made;
  assertEquals(slot.isFree, true);
  const answer = start(slot, "a", { onStart: () => told.push("started") });
  assertEquals([slot.isFree, told], [false, ["started"]]);
  worker?.reply(ANSWER);
  assertEquals(await answer, ANSWER);
  assertEquals([slot.isFree, told], [true, ["started", "free"]]);
});

Deno.test("Slot is free while all that it runs waits, and says so only where it is", async () => {
  using made = slotOf();
  const { slot, workers: [worker], told } = made;
  const answers = [start(slot, "a"), start(slot, "b")];
  worker?.wait(true, worker.callOf("a"));
  assertEquals([slot.isFree, told], [false, []]);
  worker?.wait(true, worker.callOf("b"));
  assertEquals([slot.isFree, told], [true, ["free"]]);
  worker?.wait(false, worker.callOf("b"));
  assertEquals([slot.isFree, told], [false, ["free"]]);
  worker?.reply(ANSWER, worker.callOf("b"));
  worker?.reply(ANSWER, worker.callOf("a"));
  await Promise.all(answers);
  assertEquals([slot.isFree, told], [true, ["free", "free", "free"]]);
});

Deno.test("Slot does not run what was aborted before", async () => {
  using made = slotOf();
  const { slot, workers: [worker], told } = made;
  const signal = AbortSignal.abort(new Error("gone"));
  const options = { signal, onStart: () => told.push("started") };
  await assertRejects(() => start(slot, "a", options), Error, "gone");
  assertEquals([worker?.log, slot.isFree, told], [[], true, ["free"]]);
});

Deno.test("Slot replays what was broadcast to the worker that comes after a crash, then is free", async () => {
  using made = slotOf({ unload: () => {} });
  const { slot, workers, broadcasts, told } = made;
  for (const name of ["a", "b"]) broadcasts.set(name, () => Promise.resolve(["unload", name]));
  const lost = start(slot, "p");
  workers[0]?.crash("boom");
  await assertRejects(() => lost, WorkerCrashError, "boom");
  assertEquals([slot.isFree, told], [false, ["boom"]]);
  await slot.recovered();
  await settle();
  assertEquals(workers[1]?.log, ["unload a", "unload b"]);
  assertEquals([slot.isFree, told], [true, ["boom", "free"]]);
});

Deno.test("Slot goes on with its replay after a call that fails, and tells of that", async () => {
  using made = slotOf({
    unload: (name) => {
      if (name === "a") throw new PluginError("models.a.source", "is gone");
    },
  });
  const { slot, workers, broadcasts, told } = made;
  for (const name of ["a", "b"]) broadcasts.set(name, () => Promise.resolve(["unload", name]));
  workers[0]?.crash("boom");
  await slot.recovered();
  await settle();
  assertEquals(workers[1]?.log, ["unload a", "unload b"]);
  assertEquals(told, ["boom", "models.a.source: is gone", "free"]);
});

Deno.test("Slot waits ever longer with a restart until a worker has answered", async () => {
  using time = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  using made = slotOf({ run: () => ANSWER });
  const { slot, workers } = made;
  const crash = async () => {
    workers.at(-1)?.crash("boom");
    time.next();
    await settle();
  };
  for (let crashes = 0; crashes < 3; crashes++) await crash();
  await start(slot, "a");
  await crash();
  assertEquals(set.calls.map(({ args: [, ms] }) => ms), [0, 100, 300, 0]);
});

Deno.test("recovered() waits for the worker that has everything, however many die before", async () => {
  using time = new FakeTime();
  using made = slotOf();
  const { slot, workers } = made;
  let done = false;
  workers[0]?.crash("boom");
  const recovered = slot.recovered().then(() => done = true);
  time.next();
  await settle();
  workers[1]?.crash("boom");
  await settle();
  time.next();
  await settle();
  await recovered;
  assertEquals([workers.length, done, slot.isFree], [3, true, true]);
});

Deno.test("close() rejects what runs and starts no other worker", async () => {
  using time = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  using made = slotOf();
  const { slot, workers } = made;
  const running = start(slot, "a");
  slot.close();
  await assertRejects(() => running, WorkerCrashError, "closed");
  using other = slotOf();
  other.workers[0]?.crash("boom");
  assertEquals(set.calls.length, 1);
  other.slot.close();
  await settle();
  assertEquals([time.next(), workers.length, other.workers.length], [false, 1, 1]);
});
