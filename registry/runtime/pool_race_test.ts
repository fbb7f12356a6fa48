import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { settle } from "../../tests/harness/wait/settle.ts";
import { WorkerCrashError } from "./client.ts";
import { startFakePool } from "../../tests/harness/fakes/fake_worker.ts";
import type { WorkerPool } from "./pool.ts";

const AUTO = { unload: () => {}, measure: () => ({}) };

function broadcast(pool: WorkerPool, key: string): Promise<unknown> {
  return pool.broadcast(key, () => Promise.resolve(["unload", key]));
}

Deno.test("broadcast() reaches a worker that is being replaced, once", async () => {
  using time = new FakeTime();
  using fake = startFakePool({ size: 2, auto: AUTO });
  const { pool, workers } = fake;
  await broadcast(pool, "a");
  workers[1]?.crash("boom");
  const answer = broadcast(pool, "b");
  await settle();
  time.next();
  await settle();
  await answer;
  assertEquals(workers[0]?.log, ["unload a", "unload b"]);
  assertEquals(workers[2]?.log, ["unload a", "unload b"]);
});

Deno.test("broadcast() reaches a worker that crashes while another is still busy with it", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers } = fake;
  const answer = broadcast(pool, "a");
  await settle();
  workers[1]?.reply(undefined);
  await settle();
  workers[1]?.crash("boom");
  await settle();
  workers[0]?.reply(undefined);
  await answer;
  await settle();
  assertEquals(workers[2]?.log, ["unload a"]);
});

Deno.test("broadcast() rejects when a worker dies of it and spares the one that replaces it", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers } = fake;
  const answer = broadcast(pool, "a");
  await settle();
  workers[1]?.crash("out of memory");
  workers[0]?.reply(undefined);
  await assertRejects(() => answer, WorkerCrashError, "out of memory");
  await settle();
  assertEquals(workers[2]?.log, []);
});

Deno.test("first() waits for a worker that is being replaced", async () => {
  using time = new FakeTime();
  using fake = startFakePool({ auto: AUTO });
  const { pool, workers } = fake;
  workers[0]?.crash("boom");
  const answer = pool.first("measure", "p");
  await settle();
  time.next();
  await settle();
  assertEquals(await answer, {});
  assertEquals(workers[1]?.log, ["measure p"]);
});

Deno.test("retract() does not fail because a worker is being replaced", async () => {
  using time = new FakeTime();
  using fake = startFakePool({ size: 2, auto: AUTO });
  const { pool, workers } = fake;
  await broadcast(pool, "a");
  workers[1]?.crash("boom");
  const answer = pool.retract("a", "measure", "a");
  await settle();
  time.next();
  await settle();
  await answer;
  assertEquals(workers[0]?.log, ["unload a", "measure a"]);
  assertEquals(workers[2]?.log.includes("unload a"), false);
});

Deno.test("retract() does not fail because a worker dies of it", async () => {
  using fake = startFakePool();
  const { pool, workers } = fake;
  const answer = pool.retract("a", "unload", "a");
  await settle();
  workers[0]?.crash("boom");
  await answer;
});

Deno.test("WorkerPool stops giving broadcasts to a new worker that dies of one", async () => {
  using fake = startFakePool();
  const { pool, workers, reports } = fake;
  for (const key of ["a", "b"]) {
    const answer = broadcast(pool, key);
    await settle();
    workers[0]?.reply(undefined);
    await answer;
  }
  workers[0]?.crash("boom");
  await settle();
  workers[1]?.crash("out of memory");
  await settle();
  pool.close();
  await settle();
  assertEquals(workers[1]?.log, ["unload a"]);
  assertEquals(reports, ["0: boom", "0: out of memory"]);
});
