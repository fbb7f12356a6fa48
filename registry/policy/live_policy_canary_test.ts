import { assert, assertEquals } from "@std/assert";
import { stub } from "@std/testing/mock";
import { seededRandom } from "../../policies/learn/stats/mod.ts";
import { PolicyStoreError } from "../../policies/stores/mod.ts";
import { changed, DOCUMENT } from "../../tests/harness/generators/policies.ts";
import type { LivePolicy } from "./live_policy.ts";
import {
  type StartedPolicy,
  startLivePolicy,
  textOf,
} from "../../tests/harness/app/live_policy.ts";
import { storeOf } from "../../tests/harness/fakes/fake_store.ts";

const N = 10_000;
const SECOND = JSON.stringify(changed((copy) => copy.active = "fast"));
const from = "a test";

/** A policy that serves, without workers behind it. */
async function startLive(): Promise<StartedPolicy> {
  const started = await startLivePolicy();
  await started.live.replace(JSON.stringify(DOCUMENT), { from });
  return started;
}

/** Names of the policies that requests get, one for each key. */
function deal(live: LivePolicy, keys: Iterable<string | undefined>): Promise<string[]> {
  return Promise.all(
    Array.from(keys, (key) => live.use(({ name }) => Promise.resolve(name), key)),
  );
}

function keysFor(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `customer ${index}`);
}

// 10% ± 1% of 10,000 requests is 3.3 standard deviations of a binomial count.
for (const seed of [1, 2, 3]) {
  Deno.test(`a canary at 10% gets 10% ± 1% of 10,000 requests without a key, seed ${seed}`, async () => {
    using _ = stub(Math, "random", seededRandom(seed).uniform);
    using started = await startLive();
    const { live } = started;
    const { canary } = await live.setCanary(SECOND, { share: 0.1, from });
    const names = await deal(live, Array(N).fill(undefined));
    const share = names.filter((name) => name === canary.name).length / N;
    assert(Math.abs(share - 0.1) <= 0.01, `${share}`);
    assertEquals(new Set(names), new Set(["test@1", canary.name]));
  });
}

Deno.test("a canary at 10% gets 10% ± 1% of 10,000 keys, the same ones every time", async () => {
  using started = await startLive();
  const { live } = started;
  const { canary } = await live.setCanary(SECOND, { share: 0.1, from });
  const keys = keysFor(N);
  const names = await deal(live, keys);
  const share = names.filter((name) => name === canary.name).length / N;
  assert(Math.abs(share - 0.1) <= 0.01, `${share}`);
  assertEquals(await deal(live, keys), names);
});

Deno.test("keys that have the canary keep it when its share grows, up to all", async () => {
  using started = await startLive();
  const { live } = started;
  const { canary } = await live.setCanary(SECOND, { share: 0.1, from });
  const keys = keysFor(2000);
  let before = new Set<string>();
  for (const share of [0.1, 0.25, 0.6, 1]) {
    assertEquals((await live.setCanaryShare(share, { from })).name, canary.name);
    const names = await deal(live, keys);
    const now = new Set(keys.filter((_, index) => names[index] === canary.name));
    assertEquals([...before].filter((key) => !now.has(key)), []);
    assert(now.size > before.size);
    // Five standard deviations.
    assert(Math.abs(now.size - 2000 * share) <= 5 * Math.sqrt(2000 * share * (1 - share)));
    before = now;
  }
  assertEquals(before.size, 2000);
});

for (const to of ["full", "rollback"] as const) {
  Deno.test(`an alarm falls back (${to}) even where the store can be neither read nor written`, async () => {
    const store = await storeOf([textOf("first"), textOf("second")]);
    using started = await startLivePolicy({ store });
    const { live, log } = started;
    assertEquals(live.snapshot.name, "test@2");
    store.versions = () => Promise.reject(new Error("the disk is gone"));
    store.unreadable = new Error("the disk is gone");
    store.unwritable = new PolicyStoreError("the disk is gone");
    await live.fallBack({ policy: "test@2", to, keptItsLevel: () => true, from: "alarm" });
    assertEquals(live.snapshot.operatingPoint, "always:large");
    assert(log.some((line) => line.includes("no versions are kept")), log.join("\n"));
  });
}

Deno.test("an alarm goes back to the last version that kept its level, and says which", async () => {
  const store = await storeOf([textOf("first"), textOf("second"), textOf("third")]);
  using started = await startLivePolicy({ store });
  const { live } = started;
  const keptItsLevel = (policy: string) => policy !== "test@2";
  await live.fallBack({ policy: "test@3", to: "rollback", keptItsLevel, from: "alarm" });
  const [latest] = await live.versions();
  assertEquals([latest?.version, latest?.change, latest?.restores], [4, "fall_back", 1]);
  assertEquals((await live.latest()).text, textOf("first"));
  await live.fallBack({ policy: "test@3", to: "full", keptItsLevel, from: "alarm" });
  assertEquals(live.snapshot.name, "test@4", "what does not serve is left alone");
});

Deno.test("a canary that fails is dropped and the policy stays", async () => {
  using started = await startLive();
  const { live, log } = started;
  const { canary } = await live.setCanary(SECOND, { share: 0.5, from });
  await live.fallBack({ policy: canary.name, to: "full", keptItsLevel: () => true, from: "alarm" });
  assertEquals([live.canarySnapshot, live.snapshot.name], [undefined, "test@1"]);
  assertEquals((await live.versions()).length, 1);
  assert(log.includes(`pair test: ${canary.name} was dropped, from alarm`), log.join("\n"));
});
