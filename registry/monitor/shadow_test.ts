import { assertEquals } from "@std/assert";
import { NodeUnavailableError } from "../base/errors.ts";
import { startFakePool } from "../../tests/harness/fakes/fake_worker.ts";
import type { RunRequest } from "../runtime/requests.ts";
import { builtInPolicy } from "../policy/snapshot.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { settle } from "../../tests/harness/wait/settle.ts";
import type { Walked } from "../walk/walked.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { LoggedAnswer } from "./answer_log.ts";
import type { Monitor } from "./monitor.ts";
import { type DrawnInputs, shadow } from "./shadow.ts";

const GRAPH = buildGraph(pairOf({ small: ["large"], large: [] }));
const POLICY = builtInPolicy(GRAPH, "always:small");

/** Requests that were drawn, by the nodes at which their inputs exited; all answered class 0. */
function drawn(...exits: string[]): DrawnInputs {
  return {
    policy: POLICY,
    input: { kind: "tensor", data: Float32Array.from(exits.keys()), count: exits.length },
    items: exits.map((exit) => ({
      path: [exit],
      exit,
      logits: Float32Array.of(1, 0),
      confidence: 0.7,
      nodes: [],
    })),
    logged: exits.map(() => new LoggedAnswer(POLICY.name, [0, 1])),
  };
}

/** What the full model answers to one input. */
function item(...logits: number[]) {
  return { path: ["large"], logits: Float32Array.from(logits) };
}

/** Shadows requests on fake workers; gives what the monitor was told and what the workers were asked. */
function harness({ size = 2, spare = 1 } = {}) {
  const told: unknown[] = [];
  const fake = startFakePool({ size });
  const monitor = {
    compare: (_policy: unknown, _logged: unknown, ...rest: unknown[]) => told.push(rest),
  } as unknown as Monitor;
  const costOf = ({ path }: Walked) => 10 * path.length;
  const context = { pair: "test", full: "large", costOf, pool: fake.pool, spare, monitor };
  return { fake, told, run: (inputs: DrawnInputs) => shadow(context, inputs) };
}

Deno.test("shadow() asks the full model about the inputs that exited early, and only about them", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  const done = run(drawn("small", "large", "small"));
  await settle();
  const [call] = fake.workers[1]?.open ?? [];
  const request = call?.argument as RunRequest;
  assertEquals(request.policy, { always: "large" });
  assertEquals(request.input, { kind: "tensor", data: Float32Array.of(0, 2), count: 2 });
  fake.workers[1]?.reply({ items: [item(0, 1), item(1, 0)], decodeMs: 0 });
  await done;
  assertEquals(told, [[[[1, 0], [0, 1], [0, 1]], 20]]);
});

Deno.test("shadow() runs nothing for inputs that the full model has answered: they agree", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  await run(drawn("large", "large"));
  assertEquals(told, [[[[0, 1], [0, 1]], 0]]);
  assertEquals(fake.workers.flatMap(({ log }) => log), []);
});

Deno.test("shadow() waits until a worker would stay idle, and takes the last that is", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  const request = { pair: "busy", policy: { always: "large" }, input: drawn("small").input };
  fake.pool.run(request);
  const done = run(drawn("small", "large"));
  await settle();
  assertEquals(fake.workers.map(({ log }) => log), [["run busy"], []]);
  fake.workers[0]?.reply({ items: [item(1, 0)], decodeMs: 0 });
  await settle();
  assertEquals(fake.workers.map(({ log }) => log), [["run busy"], ["run test"]]);
  fake.workers[1]?.reply({ items: [item(1, 0)], decodeMs: 0 });
  await done;
  assertEquals(told, [[[[0, 1], [0, 1]], 10]]);
});

Deno.test("shadow() lets requests go first that wait already", async () => {
  const { fake, run } = harness({ size: 1, spare: 0 });
  using _ = fake;
  const ask = (pair: string) => {
    fake.pool.run({ pair, policy: { always: "large" }, input: drawn("small").input });
  };
  ask("busy");
  run(drawn("small"));
  await settle();
  ask("queued");
  for (let turn = 0; turn < 2; turn++) {
    fake.workers[0]?.reply({ items: [item(1, 0)], decodeMs: 0 });
    await settle();
  }
  assertEquals(fake.workers[0]?.log, ["run busy", "run queued", "run test"]);
  fake.workers[0]?.reply({ items: [item(1, 0)], decodeMs: 0 });
});

Deno.test("shadow() misses what is drawn while sixteen others wait", async () => {
  const { fake, told, run } = harness({ size: 1, spare: 1 });
  const waiting = Array.from({ length: 16 }, () => run(drawn("small")));
  await run(drawn("small", "large"));
  assertEquals(told, [[[undefined, [0, 1]], 0]]);
  fake[Symbol.dispose]();
  await Promise.all(waiting);
  assertEquals(told.length, 17);
});

Deno.test("shadow() misses what still waits when the server ends", async () => {
  const { fake, told, run } = harness({ size: 1, spare: 1 });
  const done = run(drawn("small", "large"));
  await settle();
  assertEquals(told, []);
  fake[Symbol.dispose]();
  await done;
  assertEquals(told, [[[undefined, [0, 1]], 0]]);
});

Deno.test("shadow() tries the point that failed after a fall-back to the full model", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  const policy = { ...POLICY, name: "test@2", id: "test@2#1", probation: "fast" };
  const done = run({ ...drawn("large", "large"), policy });
  await settle();
  const request = fake.workers[1]?.open[0]?.argument as RunRequest;
  assertEquals([request.policy, request.input.kind === "tensor" && request.input.count], [
    { id: "test@2#1", point: "fast" },
    2,
  ]);
  fake.workers[1]?.reply({ items: [item(0, 1), item(1, 0)], decodeMs: 0 });
  await done;
  assertEquals(told, [[[[1, 0], [0, 1]], 20]]);
});

Deno.test("shadow() takes the only worker if none must stay idle", async () => {
  const { fake, told, run } = harness({ size: 1, spare: 0 });
  using _ = fake;
  const done = run(drawn("small"));
  await settle();
  fake.workers[0]?.reply({ items: [item(1, 0)], decodeMs: 0 });
  await done;
  assertEquals(told, [[[[0, 1]], 10]]);
});

Deno.test("shadow() misses what a worker dies of", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  const done = run(drawn("small"));
  await settle();
  fake.workers[1]?.crash("boom");
  await done;
  assertEquals(told, [[[undefined], 0]]);
});

Deno.test("a request that arrives while the full model is compared goes to the idle worker", async () => {
  const { fake, run } = harness();
  using _ = fake;
  run(drawn("small"));
  await settle();
  const request = { pair: "next", policy: { always: "large" }, input: drawn("small").input };
  fake.pool.run(request).catch(() => {});
  await settle();
  assertEquals(fake.workers.map(({ log }) => log), [["run next"], ["run test"]]);
});

/** The same, of which some were answered without a node that the policy chose. */
function degraded(inputs: DrawnInputs, ...places: number[]): DrawnInputs {
  const reason = { node: "large", reason: "it is away" };
  const items = inputs.items.map((item, index) => {
    return places.includes(index) ? { ...item, degraded: reason } : item;
  });
  return { ...inputs, items };
}

Deno.test("shadow() misses what was answered without a node, and asks nobody about it", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  const done = run(degraded(drawn("small", "large", "small"), 0));
  await settle();
  const request = fake.workers[1]?.open[0]?.argument as RunRequest;
  assertEquals(request.input.kind === "tensor" && [...request.input.data], [2]);
  fake.workers[1]?.reply({ items: [item(1, 0)], decodeMs: 0 });
  await done;
  assertEquals(told, [[[undefined, [0, 1], [0, 1]], 10]]);
});

Deno.test("shadow() runs nothing where all were answered without a node, the full model's included", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  await run(degraded(drawn("small", "large"), 0, 1));
  assertEquals(told, [[[undefined, undefined], 0]]);
  assertEquals(fake.workers.flatMap(({ log }) => log), []);
});

Deno.test("shadow() misses what was answered without a node after a fall-back as well", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  const policy = { ...POLICY, name: "test@2", id: "test@2#1", probation: "fast" };
  const done = run({ ...degraded(drawn("small", "large"), 0), policy });
  await settle();
  fake.workers[1]?.reply({ items: [item(1, 0)], decodeMs: 0 });
  await done;
  assertEquals(told, [[[undefined, [0, 1]], 10]]);
});

Deno.test("shadow() wants the full model's own answer, and misses what fails because it is away", async () => {
  const { fake, told, run } = harness();
  using _ = fake;
  const done = run(drawn("small", "large"));
  await settle();
  assertEquals((fake.workers[1]?.open[0]?.argument as RunRequest).strict, true);
  fake.workers[1]?.fail(new NodeUnavailableError("large", "it is away"));
  await done;
  assertEquals(told, [[[undefined, [0, 1]], 0]]);
});
