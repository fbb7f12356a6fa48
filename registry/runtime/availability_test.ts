import { assertEquals } from "@std/assert";
import { spy, stub } from "@std/testing/mock";
import { FakeTime } from "@std/testing/time";
import { Availability } from "./availability.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { PairCosts } from "../walk/pair_costs.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { settle } from "../../tests/harness/wait/settle.ts";
import type { Walked } from "../walk/walked.ts";

const GONE = "pair p: large is not available: refused";
const BACK = "pair p: large is available again";

/** How one input went: the nodes that ran, and one that could not. */
function item(path: string[], lost?: string): Walked {
  return {
    path,
    exit: path.at(-1) ?? "",
    logits: Float32Array.of(1, 0),
    confidence: 1,
    nodes: path.map((node) => ({ node, ms: 1 })),
    degraded: lost === undefined ? undefined : { node: lost, reason: "refused" },
  };
}

interface HarnessOptions {
  /** Milliseconds that were measured at the start. */
  readonly measured?: Readonly<Record<string, number>>;
  /** What the plugin says that `large` costs. */
  readonly stated?: number;
}

/** An availability with its time and a worker that measures what the test says. */
function harness({ measured = { small: 1 }, stated }: HarnessOptions = {}) {
  const time = new FakeTime();
  const clock = stub(performance, "now", () => time.now);
  const set = spy(globalThis, "setTimeout");
  const spec = pairOf({ small: ["medium", "large"], medium: ["large"], large: [] });
  const models = { ...spec.models, large: { source: "./large.onnx", cost: stated } };
  const costs = new PairCosts({ ...spec, models }, buildGraph(spec), measured);
  const asked: string[] = [];
  const log: string[] = [];
  const worker = {
    /** What it measures of a node; nothing where that is away, an error where it dies. */
    answer: (_node: string): Promise<Record<string, number>> => Promise.resolve({}),
  };
  const pool = {
    first: (method: string, { pair, node }: { pair: string; node: string }) => {
      asked.push(`${method} ${pair} ${node}`);
      return worker.answer(node);
    },
  } as unknown as ConstructorParameters<typeof Availability>[0]["pool"];
  const availability = new Availability({
    pair: "p",
    costs,
    pool,
    log: (line, event) => log.push(`${line} [${event?.kind} ${event?.about}]`),
  });
  const lines = () => log.map((line) => line.replace(/ \[.*$/, ""));
  return {
    availability,
    time,
    /** Milliseconds for which each timer was set. */
    delays: () => set.calls.map(({ args: [, ms] }) => ms),
    costs,
    asked,
    log,
    lines,
    worker,
    [Symbol.dispose]() {
      set.restore();
      clock.restore();
      time.restore();
    },
  };
}

const KNOWN = { small: 1, medium: 2, large: 4 };

Deno.test("Availability takes all nodes for available", () => {
  using h = harness();
  assertEquals(h.availability.reason("large"), undefined);
  h.availability.note([item(["small"]), item(["small", "large"])]);
  assertEquals([h.log, h.asked, h.time.next()], [[], [], false]);
});

Deno.test("Availability says once that a node is away, and knows the latest reason", () => {
  using h = harness({ measured: KNOWN });
  h.availability.note([item(["small"], "large"), item(["small"], "large"), item(["small"])]);
  assertEquals(h.availability.reason("large"), "refused");
  assertEquals(h.availability.reason("small"), undefined);
  h.availability.lose("large", "timed out");
  assertEquals(h.availability.reason("large"), "timed out");
  assertEquals(h.log, [`${GONE} [node_unavailable large]`]);
});

Deno.test("Availability says that a node is back when a request has gone through it", () => {
  using h = harness({ measured: KNOWN });
  h.availability.lose("large", "refused");
  h.time.tick(1000);
  h.availability.note([item(["small"]), item(["small", "medium"])]);
  assertEquals(h.availability.reason("large"), "refused");
  h.availability.note([item(["small", "large"])]);
  assertEquals(h.availability.reason("large"), undefined);
  assertEquals(h.log.slice(1), [`${BACK} [node_available large]`]);
  // It was away for too short to be another machine.
  assertEquals(h.asked, []);
});

Deno.test("Availability does not take a node for back that answered only some of a request", () => {
  using h = harness({ measured: KNOWN });
  h.availability.lose("large", "refused");
  h.time.tick(2000);
  h.availability.note([item(["small", "large"]), item(["small"], "large")]);
  assertEquals([h.availability.reason("large"), h.lines()], ["refused", [GONE]]);
});

Deno.test("Availability does not say more than once a second that a node comes and goes", () => {
  using h = harness({ measured: KNOWN });
  for (let turn = 0; turn < 20; turn++) {
    h.availability.note([item(["small"], "large")]);
    h.time.tick(99);
    h.availability.note([item(["small", "large"])]);
  }
  assertEquals(h.lines(), [GONE, BACK, GONE]);
});

Deno.test("Availability measures a node again that was away for long", async () => {
  using h = harness({ measured: KNOWN });
  h.worker.answer = (node) => Promise.resolve({ [node]: 9 });
  h.availability.lose("large", "refused");
  h.time.tick(5001);
  h.availability.note([item(["small", "large"])]);
  await settle();
  assertEquals(h.asked, ["measureNode p large"]);
  assertEquals(h.costs.known, { ...KNOWN, large: 9 });
  assertEquals(h.time.next(), false);
});

Deno.test("Availability measures nothing whose cost the plugin states", async () => {
  using h = harness({ stated: 3 });
  h.availability.lose("large", "refused");
  assertEquals(h.time.next(), false);
  h.time.tick(60_000);
  h.availability.note([item(["small", "large"])]);
  await settle();
  assertEquals([h.asked, h.costs.of("large"), h.lines()], [[], 3, [GONE, BACK]]);
});

Deno.test("Availability tries a node of unknown cost every 2 s until it can be measured", async () => {
  using h = harness();
  h.availability.lose("large", "refused");
  h.availability.lose("large", "refused");
  assertEquals([h.delays(), h.asked], [[2000], []]);
  h.time.next();
  await settle();
  assertEquals([h.asked.length, h.availability.reason("large")], [1, "refused"]);
  h.worker.answer = () => Promise.reject(new Error("the worker crashed"));
  h.time.next();
  await settle();
  assertEquals([h.asked.length, h.delays()], [2, [2000, 2000, 2000]]);
  h.worker.answer = (node) => Promise.resolve({ [node]: 9 });
  h.time.next();
  await settle();
  assertEquals([h.costs.of("large"), h.availability.reason("large")], [9, undefined]);
  assertEquals([h.lines(), h.time.next(), h.asked.length], [[GONE, BACK], false, 3]);
});

Deno.test("Availability measures at once a node of unknown cost that a request has found", async () => {
  using h = harness();
  h.worker.answer = (node) => Promise.resolve({ [node]: 9 });
  h.availability.lose("large", "refused");
  h.time.tick(1000);
  h.availability.note([item(["small", "large"])]);
  await settle();
  assertEquals([h.asked.length, h.costs.of("large")], [1, 9]);
  h.time.next();
  await settle();
  assertEquals([h.asked.length, h.lines(), h.time.next()], [1, [GONE, BACK], false]);
});

Deno.test("Availability goes on trying to measure a node that is back, but fails as it is measured", async () => {
  using h = harness();
  h.availability.lose("large", "refused");
  h.time.tick(1000);
  h.availability.note([item(["small", "large"])]);
  await settle();
  assertEquals([h.availability.reason("large"), h.costs.of("large")], [undefined, undefined]);
  h.worker.answer = (node) => Promise.resolve({ [node]: 9 });
  h.time.next();
  await settle();
  assertEquals([h.asked.length, h.costs.of("large"), h.time.next()], [2, 9, false]);
  assertEquals(h.lines(), [GONE, BACK]);
});

Deno.test("Availability also measures a node that goes away while another is measured", async () => {
  using h = harness();
  h.availability.lose("large", "refused");
  const { promise, resolve } = Promise.withResolvers<Record<string, number>>();
  h.worker.answer = () => promise;
  h.time.next();
  await settle();
  h.availability.lose("medium", "refused");
  resolve({ large: 9 });
  await settle();
  assertEquals([h.costs.of("large"), h.delays()], [9, [2000, 2000]]);
  h.worker.answer = (node) => Promise.resolve({ [node]: 5 });
  h.time.next();
  await settle();
  assertEquals(h.asked, ["measureNode p large", "measureNode p medium"]);
  assertEquals([h.costs.known, h.time.next()], [{ small: 1, medium: 5, large: 9 }, false]);
});

Deno.test("Availability tries every node of unknown cost, whatever becomes of the others", async () => {
  using h = harness();
  h.availability.lose("medium", "refused");
  h.availability.lose("large", "refused");
  assertEquals(h.delays(), [2000]);
  h.worker.answer = (node) => Promise.resolve(node === "large" ? { large: 9 } : {});
  h.time.next();
  await settle();
  assertEquals([h.asked.length, h.delays()], [2, [2000, 2000]]);
  assertEquals([h.availability.reason("medium"), h.availability.reason("large")], [
    "refused",
    undefined,
  ]);
  h.time.next();
  await settle();
  assertEquals(h.asked.at(-1), "measureNode p medium");
  assertEquals(h.asked.length, 3);
});

Deno.test("close() ends measuring, also of what goes away afterwards", async () => {
  using h = harness();
  h.availability.lose("large", "refused");
  h.availability.close();
  assertEquals(h.time.next(), false);
  h.availability.lose("medium", "refused");
  h.time.next();
  await settle();
  assertEquals([h.time.next(), h.asked], [false, []]);
});

Deno.test("close() while a node is measured sets no other timer", async () => {
  using h = harness();
  const { promise, resolve } = Promise.withResolvers<Record<string, number>>();
  h.worker.answer = () => promise;
  h.availability.lose("large", "refused");
  h.time.next();
  await settle();
  h.availability.close();
  resolve({});
  await settle();
  assertEquals([h.time.next(), h.asked.length], [false, 1]);
});
