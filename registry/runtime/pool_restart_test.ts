import { assert, assertEquals, assertRejects } from "@std/assert";
import { spy } from "@std/testing/mock";
import { FakeTime } from "@std/testing/time";
import { PluginError } from "../base/errors.ts";
import { settle } from "../../tests/harness/wait/settle.ts";
import { WorkerCrashError } from "./client.ts";
import { requestOf, startFakePool } from "../../tests/harness/fakes/fake_worker.ts";
import type { WorkerPool } from "./pool.ts";

const ANSWER = { items: [], decodeMs: 0 };

/** Workers that answer at once: broadcasts here are `unload` calls, the simplest there are. */
const AUTO = { unload: () => {}, measure: () => ({}), run: () => ANSWER };

function broadcast(pool: WorkerPool, key: string, name = key): Promise<unknown> {
  return pool.broadcast(key, () => Promise.resolve(["unload", name]));
}

Deno.test("broadcast() calls every worker and gives the first one's answer", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers } = fake;
  const answer = pool.broadcast("costs", () => Promise.resolve(["measure", "p"]));
  await settle();
  workers[1]?.reply({ a: 2 });
  const early = await Promise.race([answer, settle().then(() => "waits")]);
  workers[0]?.reply({ a: 1 });
  assertEquals(early as unknown, "waits");
  assertEquals(await answer, { a: 1 });
});

Deno.test("broadcast() rejects with the error of any worker and is not made again", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers } = fake;
  const answer = broadcast(pool, "a");
  await settle();
  workers[0]?.reply(undefined);
  workers[1]?.fail(new PluginError("models.a", "is bad"));
  await assertRejects(() => answer, PluginError, "is bad");
  workers[0]?.crash("boom");
  await settle();
  assertEquals(workers[2]?.log, []);
});

Deno.test("broadcast() rejects no sooner than every worker is done with it", async () => {
  using fake = startFakePool({ size: 2 });
  const { pool, workers } = fake;
  const done = broadcast(pool, "a").then(() => "done", () => "failed");
  await settle();
  workers[1]?.fail(new PluginError("models.a", "is bad"));
  assertEquals(await Promise.race([done, settle().then(() => "waits")]), "waits");
  workers[0]?.reply(undefined);
  assertEquals(await done, "failed");
});

Deno.test("WorkerPool gives a new worker all broadcasts again, in order, before requests", async () => {
  using fake = startFakePool({ auto: { unload: () => {} } });
  const { pool, workers, reports } = fake;
  for (const key of ["a", "b", "c"]) await broadcast(pool, key);
  const [running, waiting] = [pool.run(requestOf("p")), pool.run(requestOf("q"))];
  workers[0]?.crash("boom");
  await assertRejects(() => running, WorkerCrashError, "(boom)");
  await settle();
  assertEquals(workers[1]?.log, ["unload a", "unload b", "unload c", "run q"]);
  workers[1]?.reply(ANSWER);
  assertEquals(await waiting, ANSWER);
  assertEquals(reports, ["0: boom"]);
});

Deno.test("WorkerPool replaces an idle worker and lets requests wait until it is ready", async () => {
  using fake = startFakePool();
  const { pool, workers } = fake;
  const broadcasting = broadcast(pool, "a");
  await settle();
  workers[0]?.reply(undefined);
  await broadcasting;
  workers[0]?.crash("boom");
  const answer = pool.run(requestOf("p"));
  await settle();
  assertEquals(workers[1]?.log, ["unload a"]);
  workers[1]?.reply(undefined);
  await settle();
  assertEquals(workers[1]?.log, ["unload a", "run p"]);
  workers[1]?.reply(ANSWER);
  assertEquals(await answer, ANSWER);
});

Deno.test("WorkerPool goes on with its other workers while one is replaced", async () => {
  using time = new FakeTime();
  using fake = startFakePool({ size: 2, auto: AUTO });
  const { pool, workers, reports } = fake;
  workers[0]?.crash("boom");
  await Promise.all(["a", "b"].map((name) => pool.run(requestOf(name))));
  assertEquals(workers.map(({ log }) => log), [[], ["run a", "run b"]]);
  time.next();
  await settle();
  await pool.run(requestOf("c"));
  assertEquals(workers[2]?.log, ["run c"]);
  assertEquals(reports, ["0: boom"]);
});

Deno.test("broadcast() takes the place of an earlier one with the same key", async () => {
  using fake = startFakePool({ auto: AUTO });
  const { pool, workers } = fake;
  for (const [key, name] of [["a", "a1"], ["b", "b1"], ["a", "a2"]] as const) {
    await broadcast(pool, key, name);
  }
  workers[0]?.crash("boom");
  await settle();
  assertEquals(workers[1]?.log, ["unload a2", "unload b1"]);
});

Deno.test("broadcast() asks for the call anew for each worker that is replaced", async () => {
  using fake = startFakePool({ size: 2, auto: AUTO });
  const { pool, workers } = fake;
  let made = 0;
  await pool.broadcast("a", () => Promise.resolve(["unload", `call ${++made}`]));
  workers[1]?.crash("boom");
  await settle();
  assertEquals(workers.map(({ log }) => log), [
    ["unload call 1"],
    ["unload call 1"],
    ["unload call 2"],
  ]);
});

Deno.test("retract() makes a call in every worker and forgets the broadcast", async () => {
  using fake = startFakePool({ size: 2, auto: AUTO });
  const { pool, workers } = fake;
  await broadcast(pool, "a");
  await broadcast(pool, "b");
  await pool.retract("a", "measure", "a");
  assertEquals(workers.map(({ log }) => log.at(-1)), ["measure a", "measure a"]);
  workers[0]?.crash("boom");
  await settle();
  assertEquals(workers[2]?.log, ["unload b"]);
});

Deno.test("first() calls the first worker only", async () => {
  using fake = startFakePool({ size: 2, auto: AUTO });
  const { pool, workers } = fake;
  await pool.first("measure", "p");
  assertEquals(workers.map(({ log }) => log), [["measure p"], []]);
});

Deno.test("WorkerPool reports a broadcast that fails for a new worker and makes the others", async () => {
  let failing = false;
  using fake = startFakePool({
    auto: {
      ...AUTO,
      unload: (name) => {
        if (failing && name === "a") throw new PluginError("models.a.source", "is gone");
      },
    },
  });
  const { pool, workers, reports } = fake;
  await broadcast(pool, "a");
  await broadcast(pool, "b");
  failing = true;
  workers[0]?.crash("boom");
  await pool.run(requestOf("p"));
  assertEquals(workers[1]?.log, ["unload a", "unload b", "run p"]);
  assertEquals(reports, ["0: boom", "0: models.a.source: is gone"]);
});

Deno.test("WorkerPool restarts at once, then ever later, and at once again after an answer", async () => {
  using time = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  const delays = () => set.calls.map(({ args: [, ms] }) => ms);
  using fake = startFakePool({ auto: AUTO });
  const { pool, workers } = fake;
  for (let crash = 0; crash < 11; crash++) {
    workers.at(-1)?.crash("boom");
    time.next();
    await settle();
  }
  const growing = [0, 100, 300, 700, 1500, 3100, 6300, 12_700, 25_500, 30_000, 30_000];
  assertEquals(delays(), growing);
  assertEquals(workers.length, 12);
  await pool.run(requestOf("p"));
  workers.at(-1)?.crash("boom");
  assertEquals(delays().at(-1), 0);
  pool.close();
  assert(workers.every(({ terminated }) => terminated));
});
