import { assertEquals, assertRejects } from "@std/assert";
import { PolicyStoreError } from "../../policies/stores/mod.ts";
import { REFUSED, TAKES, textOf } from "../../tests/harness/app/live_policy.ts";
import { FakeStore, putElsewhere, storeOf } from "../../tests/harness/fakes/fake_store.ts";
import { startFakePool } from "../../tests/harness/fakes/fake_worker.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { TARGET } from "../../tests/harness/generators/policies.ts";
import { settle } from "../../tests/harness/wait/settle.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { ActivePolicy } from "./active_policy.ts";
import { LiveCanary } from "./live_canary.ts";
import { StoreFollower } from "./store_follower.ts";

/** What serves the pair of {@linkcode TARGET}, and what follows a store for it. */
function open(store: FakeStore) {
  const fake = startFakePool({ auto: TAKES });
  const log: string[] = [];
  const context = {
    pair: TARGET.pair,
    graph: buildGraph(pairOf({ small: ["medium", "large"], medium: ["large"], large: [] })),
    models: TARGET.models,
    costs: { known: {}, unit: "ms" },
    pool: fake.pool,
    store,
    log: (line: string) => log.push(line),
  };
  const canary = new LiveCanary(context);
  const active = new ActivePolicy(context, canary);
  const follower = new StoreFollower(context, active, canary);
  return {
    active,
    canary,
    follower,
    log,
    [Symbol.dispose]: () => {
      follower.close();
      fake[Symbol.dispose]();
    },
  };
}

Deno.test("change() begins after the change before it, and after a look at the store", async () => {
  const store = await storeOf([textOf("one")]);
  using opened = open(store);
  const { active, follower } = opened;
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  const first = follower.change(async () => {
    seen.push(active.snapshot.name);
    await gate.promise;
  });
  const second = follower.change(() => seen.push(active.snapshot.name));
  await settle();
  await putElsewhere(store, textOf("two"), 1);
  assertEquals(seen, ["test@1"]);
  gate.resolve();
  await Promise.all([first, second]);
  assertEquals(seen, ["test@1", "test@2"]);
});

Deno.test("change() goes on after one that fails", async () => {
  using opened = open(new FakeStore());
  const { follower } = opened;
  const fails = follower.change(() => {
    throw new RangeError("no good");
  });
  const next = follower.change(() => "done");
  await assertRejects(() => fails, RangeError, "no good");
  assertEquals(await next, "done");
});

Deno.test("changeAnyway() goes on where the store cannot be read, and says so; change() does not", async () => {
  const store = new FakeStore();
  store.unreadable = new Error("no connection");
  using opened = open(store);
  const { follower, log } = opened;
  await assertRejects(() => follower.change(() => "done"), Error, "no connection");
  assertEquals([log, follower.rejected], [[], undefined]);
  assertEquals(await follower.changeAnyway(() => Promise.resolve("done")), "done");
  assertEquals(follower.rejected, "Error: no connection");
  assertEquals(log, ["pair test: Error: no connection; serving always:large"]);
});

Deno.test("change() has nothing to say of what was refused once something else is put", async () => {
  using opened = open(await storeOf([], REFUSED.parse));
  const { follower } = opened;
  await follower.start();
  assertEquals(follower.rejected?.includes("parse failed"), true);
  await follower.change((put) => put(textOf("one"), { change: "put", from: "a test" }));
  assertEquals(follower.rejected, undefined);
});

Deno.test("put() serves what lies there and what an alarm falls back to though it cannot be stored", async () => {
  for (const change of ["edit", "put", "choose", "promote", "fall_back", "rollback"] as const) {
    const store = await storeOf([textOf("one")]);
    using opened = open(store);
    const { active, follower } = opened;
    await follower.start();
    store.unwritable = new PolicyStoreError("the disk is full");
    const put = () => active.put(textOf("two"), { change, from: "a test" });
    const served = change === "edit" || change === "fall_back";
    if (served) assertEquals((await put()).stored.version, 2);
    else await assertRejects(put, PolicyStoreError, "the disk is full");
    assertEquals(
      [active.snapshot.name, active.head?.version],
      served ? ["test@2", 2] : ["test@1", 1],
    );
  }
});

Deno.test("setShare() and drop() do nothing where there is no canary", async () => {
  const store = new FakeStore();
  store.setCanary = () => Promise.reject(new Error("written"));
  using opened = open(store);
  const { canary, log } = opened;
  await canary.setShare(0.5, "a test");
  await canary.drop("a test");
  assertEquals([canary.snapshot, log], [undefined, []]);
});
