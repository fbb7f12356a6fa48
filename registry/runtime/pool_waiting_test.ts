import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { QueueFullError } from "../base/errors.ts";
import { settle } from "../../tests/harness/wait/settle.ts";
import { WorkerCrashError } from "./client.ts";
import { type FakePool, requestOf, startFakePool } from "../../tests/harness/fakes/fake_worker.ts";

/** How many requests of a worker may wait, as in slot.ts. */
const MAX_WAITING = 32;

/** An answer that can be told from others. */
function answerOf(decodeMs: number) {
  return { items: [], decodeMs };
}

/** Has the only worker wait with as many requests as it takes. */
function fill({ pool, workers }: FakePool, count = MAX_WAITING) {
  return Array.from({ length: count }, (_, index) => {
    const answer = pool.run(requestOf(`w${index}`));
    workers[0]?.wait(true, workers[0].open.at(-1));
    return answer;
  });
}

Deno.test("a worker whose request waits takes the next from the queue, in order", async () => {
  using fake = startFakePool();
  const { pool, workers: [worker] } = fake;
  const answers = ["a", "b", "c"].map((name) => pool.run(requestOf(name)));
  assertEquals(worker?.log, ["run a"]);
  worker?.wait(true, worker.callOf("a"));
  assertEquals([worker?.log, pool.waiting], [["run a", "run b"], 1]);
  worker?.wait(true, worker.callOf("b"));
  assertEquals([worker?.log, pool.waiting], [["run a", "run b", "run c"], 0]);
  worker?.reply(answerOf(2), worker.callOf("b"));
  worker?.reply(answerOf(3), worker.callOf("c"));
  worker?.reply(answerOf(1), worker.callOf("a"));
  assertEquals(await Promise.all(answers), [1, 2, 3].map(answerOf));
});

Deno.test("a worker takes no other request while one of several computes", async () => {
  using fake = startFakePool();
  const { pool, workers: [worker] } = fake;
  const names = ["a", "b", "c"];
  const answers = names.map((name) => pool.run(requestOf(name)));
  worker?.wait(true, worker.callOf("a"));
  worker?.wait(false, worker.callOf("a"));
  // Both run now; only when neither does, there is room.
  worker?.reply(answerOf(2), worker.callOf("b"));
  await settle();
  assertEquals(worker?.log, ["run a", "run b"]);
  worker?.reply(answerOf(1), worker.callOf("a"));
  await settle();
  assertEquals(worker?.log, ["run a", "run b", "run c"]);
  worker?.reply(answerOf(3), worker.callOf("c"));
  assertEquals(await Promise.all(answers), [1, 2, 3].map(answerOf));
});

Deno.test("a worker whose requests all wait is idle, one that computes is not", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers: [first] } = fake;
  assertEquals(pool.idle, 2);
  const answer = pool.run(requestOf("a"));
  assertEquals(pool.idle, 1);
  first?.wait(true);
  assertEquals(pool.idle, 2);
  first?.wait(false);
  assertEquals(pool.idle, 1);
  first?.wait(true);
  // An answer may come while the call still waits, as after an error.
  first?.reply(answerOf(1));
  await answer;
  await settle();
  assertEquals(pool.idle, 2);
});

Deno.test("a worker lets no more than 32 requests wait", async () => {
  using fake = startFakePool({ capacity: 1 });
  const { pool, workers: [worker] } = fake;
  const answers = fill(fake);
  assertEquals([worker?.open.length, pool.idle], [MAX_WAITING, 0]);
  answers.push(pool.run(requestOf("next")));
  assertEquals([worker?.open.length, pool.waiting], [MAX_WAITING, 1]);
  await assertRejects(() => pool.run(requestOf("over")), QueueFullError);
  worker?.reply(answerOf(0), worker.callOf("w5"));
  await settle();
  assertEquals([worker?.log.at(-1), pool.waiting], ["run next", 0]);
  for (const call of [...worker?.open ?? []]) worker?.reply(answerOf(0), call);
  assertEquals(await Promise.all(answers), Array(MAX_WAITING + 1).fill(answerOf(0)));
});

Deno.test("a worker that is full takes a request as soon as none of its own computes", async () => {
  using fake = startFakePool();
  const { pool, workers: [worker] } = fake;
  const answers = fill(fake);
  worker?.wait(false, worker.callOf("w0"));
  answers.push(pool.run(requestOf("next")));
  assertEquals(pool.waiting, 1);
  worker?.reply(answerOf(0), worker.callOf("w0"));
  await settle();
  assertEquals([worker?.log.at(-1), pool.waiting], ["run next", 0]);
  pool.close();
  await Promise.allSettled(answers);
});

Deno.test("a request that fails while it waits makes room like one that is answered", async () => {
  using fake = startFakePool({ capacity: 1 });
  const { pool, workers: [worker] } = fake;
  const answers = fill(fake);
  const next = pool.run(requestOf("next"));
  worker?.fail(new Error("no good"), worker.callOf("w31"));
  await assertRejects(() => answers[31]!, Error, "no good");
  await settle();
  worker?.reply(answerOf(1), worker.callOf("next"));
  assertEquals(await next, answerOf(1));
  pool.close();
  await Promise.allSettled(answers);
});

Deno.test("a crash rejects all requests of its worker, and the queue goes on with the next", async () => {
  using time = new FakeTime();
  using fake = startFakePool();
  const { pool, workers, reports } = fake;
  const lost = ["a", "b", "c"].map((name) => pool.run(requestOf(name)));
  workers[0]?.wait(true, workers[0].callOf("a"));
  workers[0]?.wait(true, workers[0].callOf("b"));
  const kept = [pool.run(requestOf("d")), pool.run(requestOf("e"))];
  workers[0]?.crash("boom");
  for (const answer of lost) await assertRejects(() => answer, WorkerCrashError, "boom");
  await settle();
  assertEquals([pool.idle, pool.waiting], [0, 2]);
  time.next();
  await settle();
  assertEquals(workers[1]?.log, ["run d"]);
  for (const answer of kept) {
    workers[1]?.reply(answerOf(1));
    assertEquals(await answer, answerOf(1));
    await settle();
  }
  assertEquals([workers[1]?.log, pool.idle, reports], [["run d", "run e"], 1, ["0: boom"]]);
});

Deno.test("close() rejects requests that wait for a model elsewhere", async () => {
  const { pool, workers: [worker] } = startFakePool();
  const answers = ["a", "b"].map((name) => {
    const answer = pool.run(requestOf(name));
    worker?.wait(true, worker.callOf(name));
    return answer;
  });
  pool.close();
  for (const answer of answers) await assertRejects(() => answer, WorkerCrashError, "closed");
});

Deno.test("runIdle() uses a worker whose requests wait, after those of the queue", async () => {
  using fake = startFakePool();
  const { pool, workers: [worker] } = fake;
  const answers = [
    pool.run(requestOf("a")),
    pool.runIdle(requestOf("background"), 0),
    pool.run(requestOf("b")),
  ];
  worker?.wait(true, worker.callOf("a"));
  assertEquals(worker?.log, ["run a", "run b"]);
  worker?.wait(true, worker.callOf("b"));
  assertEquals(worker?.log, ["run a", "run b", "run background"]);
  for (const call of [...worker?.open ?? []]) worker?.reply(answerOf(0), call);
  await Promise.all(answers);
});

Deno.test("runIdle() waits while as many workers as are to be spared are not idle", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers: [first, second] } = fake;
  const answers = [pool.run(requestOf("a")), pool.runIdle(requestOf("background"), 1)];
  assertEquals(second?.log, []);
  first?.wait(true);
  assertEquals([first?.log, second?.log], [["run a"], ["run background"]]);
  first?.reply(answerOf(1));
  second?.reply(answerOf(2));
  assertEquals(await Promise.all(answers), [1, 2].map(answerOf));
});
