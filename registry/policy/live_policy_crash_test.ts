import { assert, assertEquals, assertRejects } from "@std/assert";
import { spy } from "@std/testing/mock";
import { FakeTime } from "@std/testing/time";
import {
  retainedBy,
  type StartedPolicy,
  startLivePolicy,
  TAKES,
  textOf,
  toldOf,
} from "../../tests/harness/app/live_policy.ts";
import { putElsewhere, storeOf } from "../../tests/harness/fakes/fake_store.ts";
import { WorkerCrashError } from "../runtime/client.ts";
import type { PolicyRequest } from "../runtime/requests.ts";
import { settle } from "../../tests/harness/wait/settle.ts";

const FROM = { from: "a test" };

Deno.test("a worker that is replaced is told of what serves and of what requests still use", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, fake: { workers } } = started;
  const gate = Promise.withResolvers<void>();
  live.use(() => gate.promise);
  await live.replace(textOf("two"), FROM);
  await live.replace(textOf("three"), FROM);
  await settle();
  workers[0]?.crash("boom");
  await settle();
  assertEquals(toldOf(workers[1]!), ["setPolicy test@1#0", "setPolicy test@3#2"]);
  gate.resolve();
  await settle();
  assertEquals(retainedBy(workers[1]), ["test@3#2"]);
});

/** Workers of which one dies when they are told of version 2, so many times. */
async function startFragile(crashes: number, size: number): Promise<StartedPolicy> {
  const auto: typeof TAKES = {
    ...TAKES,
    setPolicy: (argument) => {
      if ((argument as PolicyRequest).id.startsWith("test@1") || crashes-- <= 0) return;
      started.fake.workers.findLast(({ terminated }) => !terminated)?.crash("boom");
    },
  };
  const started = await startLivePolicy({ size, store: await storeOf([textOf("one")]), auto });
  return started;
}

Deno.test("a change during which a worker dies fails, and serves a moment later", async () => {
  using started = await startFragile(1, 2);
  const { live, fake } = started;
  await assertRejects(() => live.replace(textOf("two"), FROM), WorkerCrashError, "boom");
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@2", undefined]);
  assertEquals(live.snapshot.document?.provenance.note, "two");
  assertEquals(fake.workers.length, 3);
  for (const worker of fake.workers.filter(({ terminated }) => !terminated)) {
    assertEquals(retainedBy(worker), [live.snapshot.id]);
  }
});

Deno.test("a change during which workers die again and again is tried every second", async () => {
  using time = new FakeTime();
  using set = spy(globalThis, "setTimeout");
  using started = await startFragile(3, 1);
  const { live, log } = started;
  await assertRejects(() => live.replace(textOf("two"), FROM), WorkerCrashError);
  for (let turn = 0; turn < 20 && live.snapshot.name === "test@1"; turn++) {
    time.next();
    await settle();
  }
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@2", undefined]);
  assertEquals(set.calls.filter(({ args: [, ms] }) => ms === 1000).length, 2);
  const told = log.filter((line) => line.endsWith("its worker crashed (boom); serving test@1"));
  assertEquals(told.length, 1);
});

Deno.test("a version of another instance is not lost when the worker that tries it dies", async () => {
  using time = new FakeTime();
  let dies = false;
  const auto: typeof TAKES = {
    ...TAKES,
    tryPolicy: (argument) => {
      if (dies) started.fake.workers.at(-1)?.crash("boom");
      dies = false;
      return TAKES.tryPolicy?.(argument);
    },
  };
  const started = await startLivePolicy({ store: await storeOf([textOf("one")]), auto });
  using _ = started;
  const { live, store } = started;
  dies = true;
  await putElsewhere(store, textOf("two"), 1);
  await settle();
  assertEquals(live.snapshot.name, "test@1");
  assert(live.snapshot.rejected?.includes("boom"));
  time.next();
  await settle();
  time.next();
  await settle();
  assertEquals([live.snapshot.name, live.snapshot.rejected], ["test@2", undefined]);
});
