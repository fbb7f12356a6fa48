import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Backend, Session } from "../base/backend.ts";
import { openModels } from "./open_models.ts";
import { SessionCache } from "./session_cache.ts";
import { PluginError } from "../base/errors.ts";
import { chain } from "../pair/define_pair.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

/** A backend that notes what it loads and releases; files that begin with 0 cannot be loaded. */
class FakeBackend implements Backend {
  readonly name = "wasm";
  readonly log: string[] = [];

  async load([first, size = 2]: Uint8Array): Promise<Session> {
    await Promise.resolve();
    if (first === 0) throw new Error("no model");
    this.log.push(`load ${first}`);
    const shape = ["batch", 1, size, size];
    return {
      served: { backend: "wasm" },
      inputs: [{ name: "x", type: "float32", shape }],
      outputs: [{ name: "logits", type: "float32", shape: ["batch", 2] }],
      run: () => Promise.resolve({}),
      release: () => Promise.resolve(void this.log.push(`release ${first}`)),
    };
  }
}

function cacheOf(backend: Backend): SessionCache {
  return new SessionCache({ wasm: backend, webgpu: backend, remote: backend });
}

const file = (...bytes: number[]) => ({
  sha256: `hash of ${bytes}`,
  bytes: Uint8Array.from(bytes),
});

Deno.test("SessionCache loads a file once for all who ask, and frees it after the last", async () => {
  const backend = new FakeBackend();
  const cache = cacheOf(backend);
  const [one, two] = await Promise.all([cache.take(file(1)), cache.take(file(1))]);
  const three = await cache.take(file(1));
  const other = await cache.take(file(2));
  assertEquals([backend.log, cache.size], [["load 1", "load 2"], 2]);
  for (const session of [two, one, one, one]) await session.release();
  assertEquals(backend.log.length, 2);
  await three.release();
  assertEquals([backend.log.at(-1), cache.size], ["release 1", 1]);
  await other.release();
  assertEquals(cache.size, 0);
});

Deno.test("SessionCache loads a file again that everybody has released", async () => {
  const backend = new FakeBackend();
  const cache = cacheOf(backend);
  for (let turn = 0; turn < 2; turn++) await (await cache.take(file(1))).release();
  assertEquals(backend.log, ["load 1", "release 1", "load 1", "release 1"]);
});

Deno.test("SessionCache does not remember a failure", async () => {
  const cache = cacheOf(new FakeBackend());
  const same = (first: number) => ({ sha256: "same", bytes: Uint8Array.of(first) });
  const both = await Promise.allSettled([cache.take(same(0)), cache.take(same(0))]);
  assert(both.every(({ status }) => status === "rejected"));
  assertEquals(cache.size, 0);
  await (await cache.take(same(1))).release();
});

Deno.test("openModels() shares sessions among nodes and pairs, until the last is released", async () => {
  const backend = new FakeBackend();
  const cache = cacheOf(backend);
  const pair = pairOf(chain("a", "b"));
  const first = await openModels(cache, { pair, models: { a: file(1), b: file(2) } });
  const second = await openModels(cache, { pair, models: { a: file(1), b: file(1) } });
  assertEquals(backend.log, ["load 1", "load 2"]);
  await first.release();
  assertEquals(backend.log.slice(2), ["release 2"]);
  await second.release();
  assertEquals(backend.log.slice(3), ["release 1"]);
});

for (const [what, b] of [["cannot be loaded", file(0)], ["does not fit", file(3, 5)]] as const) {
  Deno.test(`openModels() gives back what it took when a model ${what}`, async () => {
    const cache = cacheOf(new FakeBackend());
    const pair = pairOf(chain("a", "b"));
    const kept = await cache.take(file(1));
    await assertRejects(
      () => openModels(cache, { pair, models: { a: file(1), b } }),
      PluginError,
      "models.b",
    );
    assertEquals(cache.size, 1);
    await kept.release();
    assertEquals(cache.size, 0);
  });
}
