import { assert, assertEquals, assertRejects } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { FakeTime } from "@std/testing/time";
import { QueueFullError } from "../base/errors.ts";
import { settle } from "../../tests/harness/wait/settle.ts";
import { WorkerCrashError } from "./client.ts";
import type { LoadRequest, RequestInput } from "./requests.ts";
import { requestOf, startFakePool } from "../../tests/harness/fakes/fake_worker.ts";

/** An answer that can be told from others. */
function answerOf(decodeMs: number) {
  return { items: [], decodeMs };
}

Deno.test("run() gives each free worker one request and the others in turn", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers } = fake;
  const answers = ["a", "b", "c", "d", "e"].map((name) => pool.run(requestOf(name)));
  const logs = () => workers.map(({ log }) => log);
  assertEquals(logs(), [["run a"], ["run b"]]);
  workers[1]?.reply(answerOf(2));
  await settle();
  assertEquals(logs(), [["run a"], ["run b", "run c"]]);
  workers[1]?.reply(answerOf(3));
  await settle();
  workers[0]?.reply(answerOf(1));
  await settle();
  assertEquals(logs(), [["run a", "run e"], ["run b", "run c", "run d"]]);
  workers[0]?.reply(answerOf(5));
  workers[1]?.reply(answerOf(4));
  assertEquals(await Promise.all(answers), [1, 2, 3, 4, 5].map(answerOf));
});

Deno.test("run() goes on with the next request after one that fails", async () => {
  using fake = startFakePool();
  const { pool, workers } = fake;
  const [first, second] = [pool.run(requestOf("a")), pool.run(requestOf("b"))];
  workers[0]?.fail(new Error("no good"));
  await assertRejects(() => first, Error, "no good");
  await settle();
  workers[0]?.reply(answerOf(2));
  assertEquals(await second, answerOf(2));
});

Deno.test("run() refuses a request when the queue is full and takes it when it is not", async () => {
  using fake = startFakePool({ capacity: 2, auto: { run: () => answerOf(1) } });
  const { pool, workers } = fake;
  const answers = ["a", "b", "c"].map((name) => pool.run(requestOf(name)));
  await assertRejects(() => pool.run(requestOf("d")), QueueFullError, "2 requests are waiting");
  await Promise.all(answers);
  await pool.run(requestOf("e"));
  assertEquals(workers[0]?.log, ["run a", "run b", "run c", "run e"]);
});

Deno.test("run() keeps no queue where none is wanted", async () => {
  using fake = startFakePool({ capacity: 0 });
  const { pool, workers } = fake;
  const first = pool.run(requestOf("a"));
  await assertRejects(() => pool.run(requestOf("b")), QueueFullError);
  workers[0]?.reply(answerOf(1));
  assertEquals(await first, answerOf(1));
});

const INPUTS: RequestInput[] = [
  { kind: "tensor", data: new Float32Array(4), count: 1 },
  { kind: "image", bytes: new Uint8Array(16), maxPixels: 100 },
  { kind: "pixels", data: new Uint8Array(12), count: 1, height: 2, width: 2, channels: 3 },
];

for (const input of INPUTS) {
  Deno.test(`run() moves the buffer of ${input.kind} inputs to the worker`, async () => {
    using fake = startFakePool();
    const { pool, workers } = fake;
    const { buffer } = input.kind === "image" ? input.bytes : input.data;
    const answer = pool.run({ ...requestOf("a"), input });
    assertEquals(buffer.byteLength, 0);
    workers[0]?.reply(answerOf(1));
    await answer;
  });
}

Deno.test("run() rejects an aborted request with the signal's reason and does not run it", async () => {
  using fake = startFakePool({ auto: { run: () => answerOf(1) } });
  const { pool, workers } = fake;
  const signal = AbortSignal.abort(new Error("gone"));
  await assertRejects(() => pool.run(requestOf("a"), signal), Error, "gone");
  await pool.run(requestOf("b"));
  assertEquals(workers[0]?.log, ["run b"]);
});

Deno.test("run() takes a request out of the queue as soon as it is aborted", async () => {
  using fake = startFakePool({ capacity: 2 });
  const { pool, workers } = fake;
  const controller = new AbortController();
  const first = pool.run(requestOf("a"));
  const second = pool.run(requestOf("b"), controller.signal);
  const third = pool.run(requestOf("c"));
  controller.abort(new Error("gone"));
  await assertRejects(() => second, Error, "gone");
  const fourth = pool.run(requestOf("d"));
  for (const answer of [first, third, fourth]) {
    workers[0]?.reply(answerOf(1));
    await answer;
    await settle();
  }
  assertEquals(workers[0]?.log, ["run a", "run c", "run d"]);
});

Deno.test("run() answers a request that is aborted while it runs", async () => {
  using fake = startFakePool();
  const { pool, workers } = fake;
  const controller = new AbortController();
  const answer = pool.run(requestOf("a"), controller.signal);
  controller.abort();
  await settle();
  workers[0]?.reply(answerOf(1));
  assertEquals(await answer, answerOf(1));
});

Deno.test("close() ends the workers and rejects what runs and what waits", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers, reports } = fake;
  const running = [pool.run(requestOf("a")), pool.run(requestOf("b"))];
  const waiting = pool.run(requestOf("c"));
  pool.close();
  for (const answer of running) await assertRejects(() => answer, WorkerCrashError, "closed");
  await assertRejects(() => waiting, Error, "server closed");
  await assertRejects(() => pool.run(requestOf("d")), Error, "closed");
  await settle();
  assert(workers.every(({ terminated }) => terminated));
  assertEquals(workers.map(({ log }) => log), [["run a"], ["run b"]]);
  assertEquals(reports, []);
});

Deno.test("close() stops a restart that has not begun", async () => {
  using time = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  using cleared = spy(globalThis, "clearTimeout");
  const { pool, workers } = startFakePool();
  workers[0]?.crash("boom");
  const waiting = pool.run(requestOf("a"));
  assertSpyCalls(set, 1);
  assertSpyCalls(cleared, 0);
  pool.close();
  assertEquals(time.next(), false);
  await assertRejects(() => waiting, Error, "server closed");
  await settle();
  assertEquals(workers.length, 1);
});

Deno.test("close() stops a restart that is under way, silently", async () => {
  using fake = startFakePool();
  const { pool, workers, reports } = fake;
  for (const name of ["a", "b"]) {
    const answer = pool.broadcast(name, () => Promise.resolve(["unload", name]));
    await settle();
    workers[0]?.reply(undefined);
    await answer;
  }
  workers[0]?.crash("boom");
  await settle();
  pool.close();
  await settle();
  assertEquals(workers.map(({ terminated }) => terminated), [true, true]);
  assertEquals(workers[1]?.log, ["unload a"]);
  assertEquals(reports, ["0: boom"]);
});

Deno.test("broadcast() moves buffers to the last worker and copies them for the others", async () => {
  using fake = startFakePool({ size: 2, auto: { load: () => ({}) } });
  const bytes = Uint8Array.of(1, 2, 3);
  const request = { pair: {}, models: { a: { sha256: "", bytes } } } as unknown as LoadRequest;
  await fake.pool.broadcast("pair", () => Promise.resolve(["load", request, [bytes.buffer]]));
  assertEquals(bytes.length, 0);
  for (const { log } of fake.workers) assertEquals(log[0]?.includes('"2":3'), true, log[0]);
});
