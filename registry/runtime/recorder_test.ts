import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { spy, stub } from "@std/testing/mock";
import type { Evidence, RecordedEvidence, Selector } from "../../policies/mod.ts";
import { NodeUnavailableError } from "../base/errors.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { chain } from "../pair/define_pair.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import type { RunNode, WalkPlan } from "../walk/walk_plan.ts";
import { Recorder } from "./recorder.ts";

const GRAPH = buildGraph(pairOf(chain("small", "large")));
const PLAN: WalkPlan = {
  graph: GRAPH,
  bindings: { small: { x: { kind: "request" } }, large: { x: { kind: "request" } } },
  logits: { small: "logits", large: "logits" },
};

/** Answers with the sum of its input and the name's length; notes who ran. */
function nodes(onRun: (node: string) => void = () => {}): RunNode {
  return (node, { x }) => {
    onRun(node);
    const sum = [...x?.data ?? []].reduce((sum, value, index) => sum + value * (index + 1), 0);
    const data = Float32Array.of(sum, node.length);
    return Promise.resolve({ logits: { datatype: "FP32", shape: [1, 2], data } });
  };
}

/** What is recorded without the patterns. */
async function recent(recorder: Recorder): Promise<readonly RecordedEvidence[]> {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const run = nodes(() => now += 1000);
  return (await recorder.evidence(PLAN, () => [1, 2, 2], run)).slice(2);
}

function evidenceOf(answers: Record<string, number>): Evidence {
  const logits = Object.entries(answers).map(([node, logit]) =>
    [node, Float32Array.of(logit, 0)] as const
  );
  return { path: Object.keys(answers), logits: new Map(logits) };
}

const exits: Selector = { decide: () => "exit" };

Deno.test("Recorder.watch() keeps what was known where an input exits", async () => {
  const recorder = new Recorder();
  const evidence = evidenceOf({ small: 1, large: 2 });
  assertEquals(recorder.watch(exits).decide("large", evidence), "exit");
  assertEquals(await recent(recorder), [evidence.logits]);
});

Deno.test("Recorder.watch() keeps nothing where an input goes on", async () => {
  const recorder = new Recorder();
  const watched = recorder.watch({ decide: () => "large" });
  assertEquals(watched.decide("small", evidenceOf({ small: 1 })), "large");
  assertEquals(await recent(recorder), []);
});

Deno.test("Recorder.watch() keeps what was known then, whatever becomes of the evidence", async () => {
  const recorder = new Recorder();
  const logits = new Map([["small", Float32Array.of(1, 0)]]);
  recorder.watch(exits).decide("small", { path: ["small"], logits });
  logits.set("large", Float32Array.of(2, 0));
  assertEquals((await recent(recorder)).map((kept) => [...kept.keys()]), [["small"]]);
});

Deno.test("Recorder.watch() passes on what the selector answers with", () => {
  const evidence = evidenceOf({ small: 1 });
  const answer = Float32Array.of(7);
  const selector = {
    decide: spy((_node: string, _evidence: Evidence) => "exit"),
    answer: spy((_evidence: Evidence) => answer),
  };
  const watched = new Recorder().watch(selector);
  watched.decide("small", evidence);
  assertEquals(watched.answer?.(evidence), answer);
  assertEquals(selector.decide.calls.map(({ args }) => args), [["small", evidence]]);
  assertEquals(selector.answer.calls.map(({ args }) => args), [[evidence]]);
  assertEquals(new Recorder().watch(exits).answer, undefined);
});

Deno.test("Recorder keeps the latest 64 inputs of all its selectors", async () => {
  const recorder = new Recorder();
  for (let input = 0; input < 100; input++) {
    recorder.watch(exits).decide("small", evidenceOf({ small: input }));
  }
  const kept = (await recent(recorder)).map((logits) => logits.get("small")?.[0] ?? NaN);
  assertEquals(kept.toSorted((a, b) => a - b), Array.from({ length: 64 }, (_, i) => 36 + i));
});

Deno.test("Recorder.evidence() begins with patterns that all nodes have answered", async () => {
  const probes = await new Recorder().evidence(PLAN, () => [1, 2, 2], nodes());
  assertEquals(probes.map((probe) => [...probe.keys()]), Array(8).fill(["small", "large"]));
  const answers = probes.map((probe) => String(probe.get("small")));
  assertEquals(new Set(answers).size, 8);
});

Deno.test("Recorder.evidence() gives every node a pattern of the shape that it reads", async () => {
  const lengths: Record<string, number> = {};
  const run: RunNode = (node, { x }) => {
    lengths[node] = x?.data.length ?? NaN;
    return nodes()(node, { x: x! });
  };
  await new Recorder().evidence(PLAN, (node) => node === "small" ? [1, 2, 2] : [1, 3, 3], run);
  assertEquals(lengths, { small: 4, large: 9 });
});

Deno.test("Recorder.evidence() takes two patterns where the networks are slow", async () => {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const runs: string[] = [];
  const run = nodes((node) => (runs.push(node), now += 300));
  assertEquals((await new Recorder().evidence(PLAN, () => [1, 2, 2], run)).length, 2);
  assertEquals(runs, ["small", "large", "small", "large"]);
});

Deno.test("Recorder.evidence() stops at the pattern that uses the time up", async () => {
  let now = 1000;
  using _clock = stub(performance, "now", () => now);
  const run = nodes(() => now += 20);
  assertEquals((await new Recorder().evidence(PLAN, () => [1, 2, 2], run)).length, 5);
});

Deno.test("Recorder.evidence() runs the networks once, and shows what has come since", async () => {
  const recorder = new Recorder();
  const first = await recorder.evidence(PLAN, () => [1, 2, 2], nodes());
  const { logits } = evidenceOf({ small: 5 });
  recorder.watch(exits).decide("small", { path: ["small"], logits });
  const never: RunNode = () => Promise.reject(new Error("ran again"));
  assertEquals(await recorder.evidence(PLAN, () => [1, 2, 2], never), [...first, logits]);
  assertNotEquals(first.length, 0);
});

Deno.test("Recorder.evidence() tries again after a network has failed", async () => {
  const recorder = new Recorder();
  const fails: RunNode = () => Promise.reject(new Error("no memory"));
  await assertRejects(() => recorder.evidence(PLAN, () => [1, 2, 2], fails), Error, "no memory");
  assertEquals((await recorder.evidence(PLAN, () => [1, 2, 2], nodes())).length, 8);
});

/** Answers, but for the nodes that are away; notes who was asked. */
function without(...away: string[]) {
  const asked: string[] = [];
  const answer = nodes();
  const run: RunNode = (node, feeds) => {
    asked.push(node);
    return away.includes(node)
      ? Promise.reject(new NodeUnavailableError(node, "refused"))
      : answer(node, feeds);
  };
  return { asked, run };
}

for (const [away, left] of [["large", "small"], ["small", "large"]] as const) {
  Deno.test(`Recorder.evidence() leaves out ${away} while it is away`, async () => {
    const { asked, run } = without(away);
    const probes = await new Recorder().evidence(PLAN, () => [1, 2, 2], run);
    assertEquals(probes.map((probe) => [...probe.keys()]), Array(8).fill([left]));
    assertEquals(asked.filter((node) => node === away).length, 1);
  });
}

Deno.test("Recorder.evidence() tries a node again that was away, and no more once all have answered", async () => {
  const recorder = new Recorder();
  const shape = () => [1, 2, 2];
  assertEquals((await recorder.evidence(PLAN, shape, without("large").run))[0]?.size, 1);
  const back = await recorder.evidence(PLAN, shape, without().run);
  assertEquals(back.map((probe) => [...probe.keys()]), Array(8).fill(["small", "large"]));
  const { asked, run } = without("large");
  assertEquals(await recorder.evidence(PLAN, shape, run), back);
  assertEquals(asked, []);
});

Deno.test("Recorder.evidence() has the latest inputs alone where no node is available", async () => {
  const recorder = new Recorder();
  const { logits } = evidenceOf({ small: 5 });
  recorder.watch(exits).decide("small", { path: ["small"], logits });
  const { asked, run } = without("small", "large");
  assertEquals(await recorder.evidence(PLAN, () => [1, 2, 2], run), [logits]);
  assertEquals(asked, ["small", "large"]);
});

Deno.test("Recorder.evidence() leaves out what reads a node that is away", async () => {
  const graph = buildGraph(pairOf(chain("a", "b", "c"), { inputs: { b: { x: "a.logits" } } }));
  const bindings = {
    a: { x: { kind: "request" } },
    b: { x: { kind: "node", node: "a", output: "logits" } },
    c: { x: { kind: "request" } },
  } as const;
  const plan = { graph, bindings, logits: { a: "logits", b: "logits", c: "logits" } };
  const { asked, run } = without("a");
  const probes = await new Recorder().evidence(plan, () => [1, 2, 2], run);
  assertEquals(probes.map((probe) => [...probe.keys()]), Array(8).fill(["c"]));
  assertEquals(new Set(asked), new Set(["a", "c"]));
});
