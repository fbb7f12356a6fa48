import { assert, assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import fc from "fast-check";
import { settle } from "../../tests/harness/wait/settle.ts";
import {
  type FakeWorker,
  requestOf,
  startFakePool,
} from "../../tests/harness/fakes/fake_worker.ts";
import type { Call } from "./messages.ts";

const CAPACITY = 3;
const ANSWER = { items: [], decodeMs: 0 };

/**
 * What may happen next: a request comes, or one of two workers answers, fails at one, dies, or begins to
 * wait for a model elsewhere, or no longer waits.
 */
const EVENTS = ["request", "request", "reply", "fail", "crash", "wait", "wait", "resume"] as const;

const events = fc.array(fc.tuple(fc.constantFrom(...EVENTS), fc.nat({ max: 1 })), {
  maxLength: 18,
});

async function live(history: readonly (readonly [typeof EVENTS[number], number])[]): Promise<void> {
  using time = new FakeTime();
  using fake = startFakePool({ size: 2, capacity: CAPACITY, auto: { unload: () => {} } });
  const { pool, workers } = fake;
  await pool.broadcast("a", () => Promise.resolve(["unload", "a"]));
  const started = () =>
    workers.flatMap(({ log }) => log).filter((call) => call.startsWith("run ")).toSorted();
  const ends: Promise<string>[] = [];
  const taken: string[] = [];
  const elsewhere = new Set<Call>();
  let answered = 0;
  /** The oldest call of a worker that computes, or that waits. */
  const find = ({ open }: FakeWorker, waits: boolean) =>
    open.find((call) => elsewhere.has(call) === waits);

  for (const [event, index] of history) {
    const before = workers.map((worker) => {
      return { worker, busy: find(worker, false), calls: worker.log.length };
    });
    const worker = workers.filter(({ terminated }) => !terminated)[index];
    if (event === "request") {
      const name = String.fromCharCode(97 + ends.length);
      const waiting = taken.length - started().length;
      const end = pool.run(requestOf(name)).then(() => "answer", (error) => error.name);
      ends.push(end);
      const refused = await Promise.race([end, settle()]) === "QueueFullError";
      if (!refused) taken.push(`run ${name}`);
      assert(!refused || waiting === CAPACITY, "refused although there was room");
    } else if (event === "crash") {
      worker?.crash("boom");
      time.next();
      await settle();
    } else if (event === "wait" || event === "resume") {
      const call = worker && find(worker, event === "resume");
      if (call) worker.wait(event === "wait", call);
      if (call && !elsewhere.delete(call)) elsewhere.add(call);
    } else if (worker?.open.length) {
      if (event === "fail") worker.fail(new Error("no good"));
      else answered++, worker.reply(ANSWER);
    }
    await settle();
    for (const { worker, busy, calls } of before) {
      const isBusy = busy && worker.open.includes(busy) && !elsewhere.has(busy);
      assert(worker.log.length - calls <= (isBusy ? 0 : 1), "a worker has two requests");
    }
    const free = workers.some((worker) => !worker.terminated && !find(worker, false));
    assert(!free || taken.length === started().length, "a worker is free and a request waits");
    assert(workers.every(({ log }) => log[0] === "unload a"), "a worker is not prepared");
    assert(taken.length - started().length <= CAPACITY, "too many requests wait");
    assertEquals(started(), taken.slice(0, started().length), "a request overtook another");
  }

  pool.close();
  const outcomes = await Promise.all(ends);
  assertEquals(outcomes.filter((outcome) => outcome === "answer").length, answered);
}

Deno.test("WorkerPool ends every request once, in order, whatever its workers do", async () => {
  await fc.assert(fc.asyncProperty(events, live), { numRuns: 40 });
});
