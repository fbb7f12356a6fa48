import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { stub } from "@std/testing/mock";
import { NodeUnavailableError, PluginError } from "../base/errors.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { chain } from "../pair/define_pair.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import type { Session, TensorInfo } from "../base/backend.ts";
import { bindSessions } from "./bind_sessions.ts";
import { RemoteError } from "./backends/remote/remote_error.ts";

const PAIR = pairOf(chain("small", "large"));
const GRAPH = buildGraph(PAIR);

const info = (name: string, ...shape: number[]): TensorInfo => {
  return { name, type: "float32", shape: ["batch", ...shape] };
};

const LOCAL: Session = {
  served: { backend: "wasm" },
  inputs: [info("x", 1, 2, 2)],
  outputs: [info("logits", 2)],
  run: () => Promise.resolve({}),
  release: () => Promise.resolve(),
};

/** A model elsewhere that is away until it is told what to say of itself. */
class Elsewhere implements Session {
  readonly served = { backend: "remote" } as const;
  inputs: readonly TensorInfo[] = [];
  outputs: readonly TensorInfo[] = [];
  away: string | undefined = "cannot connect";
  asked = 0;
  error: Error | undefined;
  /** What it says when it is asked. */
  says: { input: TensorInfo; labels: number } | undefined;

  run() {
    return this.error ? Promise.reject(this.error) : Promise.resolve({});
  }

  release() {
    return Promise.resolve();
  }

  describe() {
    this.asked++;
    if (!this.says) return Promise.resolve();
    this.away = undefined;
    this.inputs = [this.says.input];
    this.outputs = [info("logits", this.says.labels)];
    return Promise.resolve();
  }
}

function bind(large: Session, again = false) {
  return bindSessions(PAIR, GRAPH, new Map([["small", LOCAL], ["large", large]]), again);
}

Deno.test("bindSessions() has a pair serve without a model that is away, until that answers", async () => {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const large = new Elsewhere();
  const bound = bind(large);
  assertEquals(Object.keys(bound.plan.bindings), ["small"]);
  assertEquals(bound.infos["large"]?.away, "cannot connect");
  const error = await assertRejects(() => bound.run("large", {}), NodeUnavailableError);
  assertEquals([error.node, error.reason], ["large", "cannot connect"]);

  await bound.wake();
  assertEquals(bound.infos["large"]?.away, "cannot connect");
  large.says = { input: info("IN", 1, 2, 2), labels: 2 };
  now += 2000;
  bound.batching.giveUp("small");
  await bound.wake();
  assertEquals(bound.plan.bindings["large"], { IN: { kind: "request" } });
  assertEquals(bound.plan.batched, new Set(["small", "large"]));
  assertEquals(["small", "large"].map((node) => bound.batching.has(node)), [true, true]);
  assertEquals(bound.infos["large"]?.away, undefined);
  await bound.run("large", {});
});

Deno.test("wake() asks no more than once a second, and nobody who has answered", async () => {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const large = new Elsewhere();
  const bound = bind(large);
  for (let turn = 0; turn < 30; turn++) {
    await bound.wake();
    now += 100;
  }
  assertEquals(large.asked, 3);
  large.says = { input: info("x", 1, 2, 2), labels: 2 };
  await bound.wake();
  now += 5000;
  await bound.wake();
  assertEquals(large.asked, 4);
});

Deno.test("bindSessions() refuses a model elsewhere that does not fit, as any other", () => {
  const large = new Elsewhere();
  large.says = { input: info("x", 1, 2, 2), labels: 3 };
  large.describe();
  const error = assertThrows(() => bind(large), PluginError);
  assertEquals(error.field, "models.large.output");
});

Deno.test("bindSessions() does without a model that has come to not fit, and takes it when it does", async () => {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const large = new Elsewhere();
  large.says = { input: info("x", 1, 2, 2), labels: 3 };
  large.describe();
  const bound = bind(large, true);
  const error = await assertRejects(() => bound.run("large", {}), NodeUnavailableError);
  assertEquals(error.reason.includes("models.large.output"), true, error.reason);
  await bound.wake();
  large.says = { input: info("x", 1, 2, 2), labels: 2 };
  now += 2000;
  await bound.wake();
  await bound.run("large", {});
});

Deno.test("bindSessions() never does without a model that is here", () => {
  const wrong: Session = { ...LOCAL, outputs: [info("logits", 9)] };
  assertThrows(() => bind(wrong, true), PluginError, "models.large.output");
});

Deno.test("run() names the node whose server fails, and says whether only the input was refused", async () => {
  const large = new Elsewhere();
  large.says = { input: info("x", 1, 2, 2), labels: 2 };
  large.describe();
  const bound = bind(large);
  for (const failure of ["trouble", "not sent", "refused"] as const) {
    large.error = new RemoteError("status 4xx", failure);
    const error = await assertRejects(() => bound.run("large", {}), NodeUnavailableError);
    assertEquals([error.node, error.reason, error.refused], [
      "large",
      "status 4xx",
      failure === "refused",
    ]);
  }
  large.error = new Error("a fault of our own");
  const error = await assertRejects(() => bound.run("large", {}), Error, "a fault of our own");
  assertEquals(error instanceof NodeUnavailableError, false);
});
