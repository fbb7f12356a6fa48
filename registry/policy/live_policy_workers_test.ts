import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  retainedBy,
  startLivePolicy,
  TAKES,
  textOf,
  toldOf,
} from "../../tests/harness/app/live_policy.ts";
import { putElsewhere, storeOf } from "../../tests/harness/fakes/fake_store.ts";
import { settle } from "../../tests/harness/wait/settle.ts";
import type { PolicySnapshot } from "./snapshot.ts";

const FROM = { from: "a test" };

/** A request that runs until it is told to end. */
interface Running {
  readonly policy: Promise<PolicySnapshot>;
  end(): void;
}

function run(
  live: { use: (task: (policy: PolicySnapshot) => Promise<void>) => Promise<void> },
): Running {
  const [seen, end] = [Promise.withResolvers<PolicySnapshot>(), Promise.withResolvers<void>()];
  live.use((policy) => (seen.resolve(policy), end.promise));
  return { policy: seen.promise, end: end.resolve };
}

Deno.test("every worker is told of a policy before it serves", async () => {
  const { setPolicy: _, ...auto } = TAKES;
  using started = await startLivePolicy({ size: 2, auto });
  const { live, fake: { workers } } = started;
  const change = live.replace(textOf("one"), FROM);
  await settle();
  workers[0]?.reply(undefined);
  await settle();
  assertEquals(live.snapshot.name, "always:large");
  workers[1]?.reply(undefined);
  await change;
  assertEquals(live.snapshot.name, "test@1");
  assertEquals(workers.map(toldOf), [["setPolicy test@1#0"], ["setPolicy test@1#0"]]);
});

Deno.test("requests keep their policy in every worker until the last of them ends", async () => {
  using started = await startLivePolicy({ size: 2, store: await storeOf([textOf("one")]) });
  const { live, fake: { workers } } = started;
  const requests = [run(live), run(live)];
  await live.replace(textOf("two"), FROM);
  const later = run(live);
  assertEquals((await requests[0]!.policy).choice, { id: "test@1#0", point: "accurate" });
  assertEquals((await later.policy).choice, { id: "test@2#1", point: "accurate" });

  for (const request of requests) {
    assertEquals(workers.map(retainedBy), Array(2).fill(["test@1#0", "test@2#1"]));
    request.end();
    await settle();
  }
  const told = ["setPolicy test@1#0", "setPolicy test@2#1", "dropPolicy test@1#0"];
  assertEquals(workers.map(toldOf), [told, told]);
  later.end();
  await settle();
  assertEquals(workers.map(retainedBy), [["test@2#1"], ["test@2#1"]]);
});

Deno.test("a policy that nobody uses is dropped as soon as another one serves", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, fake: { workers } } = started;
  await live.replace(textOf("two"), FROM);
  await settle();
  assertEquals(toldOf(workers[0]!).at(-1), "dropPolicy test@1#0");
});

Deno.test("a request that fails lets go of its policy", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, fake: { workers } } = started;
  const gate = Promise.withResolvers<never>();
  const request = assertRejects(() => live.use(() => gate.promise), RangeError, "no good");
  await live.replace(textOf("two"), FROM);
  assertEquals(retainedBy(workers[0]), ["test@1#0", "test@2#1"]);
  gate.reject(new RangeError("no good"));
  await request;
  await settle();
  assertEquals(retainedBy(workers[0]), ["test@2#1"]);
});

Deno.test("the same version is told anew when it comes back, and is another one to the workers", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, fake: { workers } } = started;
  const request = run(live);
  await live.replace(textOf("two"), FROM);
  await live.rollback(1, FROM);
  request.end();
  await settle();
  assertEquals(retainedBy(workers[0]), ["test@3#2"]);
});

Deno.test("after close() workers are told of nothing more", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, store, fake: { workers } } = started;
  live.close();
  await putElsewhere(store, textOf("two"), 1);
  await settle();
  assertEquals(workers.map(toldOf), [["setPolicy test@1#0"]]);
});

Deno.test("a request that ends after the pool was closed fails nobody", async () => {
  using started = await startLivePolicy({ store: await storeOf([textOf("one")]) });
  const { live, fake, log } = started;
  const request = run(live);
  await live.replace(textOf("two"), FROM);
  live.close();
  fake.pool.close();
  request.end();
  await settle();
  assertEquals(log.length, 2);
});

/** What may happen next: a request begins, one of those that run ends, or another policy serves. */
const events = fc.array(
  fc.tuple(fc.constantFrom("begin", "begin", "end", "change"), fc.nat({ max: 3 })),
  { maxLength: 20 },
);

Deno.test("workers retain what serves and what requests use, and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(events, async (history) => {
      using started = await startLivePolicy({ size: 2, store: await storeOf([textOf("0")]) });
      const { live, fake: { workers } } = started;
      const running: Running[] = [];
      for (const [turn, [event, index]] of history.entries()) {
        if (event === "begin") running.push(run(live));
        else if (event === "change") await live.replace(textOf(`${turn + 1}`), FROM);
        else running.splice(index % (running.length || 1), 1)[0]?.end();
        await settle();
        const used = await Promise.all(running.map(async ({ policy }) => (await policy).id));
        const expected = [...new Set([...used, live.snapshot.id])].toSorted();
        for (const worker of workers) assertEquals(retainedBy(worker).toSorted(), expected);
      }
    }),
    { numRuns: 30 },
  );
});
