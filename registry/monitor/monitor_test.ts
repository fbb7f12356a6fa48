import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { changed } from "../../tests/harness/generators/policies.ts";
import { InvalidInputError, UnknownRequestError } from "../base/errors.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import type { RoutedItem } from "../walk/walked.ts";
import { type PolicySnapshot, snapshotOf } from "../policy/snapshot.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { type Alarm, Monitor, type MonitorOptions } from "./monitor.ts";

const GRAPH = buildGraph(pairOf({ small: ["medium", "large"], medium: ["large"], large: [] }));
const BOUND = { delta: 0.05, n: 1000, rate: 0.01, bound: 0.02 };
const PROOF = {
  loss: "signed",
  alpha: 0.05,
  delta: 0.05,
  n: 1000,
  risk: 0.01,
  bound: 0.02,
  method: "trinomial",
  split: "calibration",
} as const;

/** The test policy under a name, with a certified disagreement, a certified loss and references. */
function policyOf(name: string): PolicySnapshot {
  const document = changed((copy) => {
    copy.loss = "signed";
    copy.confidence = { node: "small", edges: [0.5, 0.9], counts: [100, 100, 800] };
    const active = copy.points.find(({ id }: { id: string }) => id === copy.active);
    active.disagreement = BOUND;
    active.certificates = [PROOF];
    active.exits = { small: 700, medium: 200, large: 100 };
  });
  return snapshotOf({ name, id: `${name}#0`, document, graph: GRAPH });
}

/** An answer: class 0 of two. */
function item(exit = "small", confidence = 0.95): RoutedItem {
  const logits = Float32Array.of(2, 1);
  const path = exit === "small" ? ["small"] : ["small", exit];
  return { path, exit, logits, confidence, nodes: [], cost: exit === "small" ? 1 : 5 };
}

function monitorOf(options: Partial<MonitorOptions> = {}) {
  const alarms: Alarm[] = [];
  const drifts: string[] = [];
  const monitor = new Monitor({
    nodes: GRAPH.nodes,
    shadow: 0.5,
    delta: 0.05,
    answers: { capacity: 1000, ms: 60_000 },
    onAlarm: (alarm) => alarms.push(alarm),
    onDrift: (policy, sentence) => drifts.push(`${policy}: ${sentence}`),
    ...options,
  });
  return { monitor, alarms, drifts };
}

const P1 = policyOf("test@1");

Deno.test("draw() takes the share of the inputs, at random", () => {
  const { monitor } = monitorOf({ shadow: 0.3 });
  const counts = new Float64Array(10);
  for (let turn = 0; turn < 2000; turn++) for (const index of monitor.draw(10)) counts[index]!++;
  // Five standard deviations.
  for (const count of counts) {
    assert(Math.abs(count - 600) < 5 * Math.sqrt(2000 * 0.21), `${count}`);
  }
  assertEquals(monitorOf({ shadow: 0 }).monitor.draw(100), []);
});

Deno.test("Monitor counts by version, each on its own", () => {
  const { monitor } = monitorOf();
  const other = policyOf("test@2");
  monitor.count(P1, [item(), item("large")]);
  monitor.count(P1, [item(), item()]);
  monitor.count(other, [item("medium")]);
  const [first, second] = monitor.report();
  assertEquals([first?.policy, second?.policy], ["test@1", "test@2"]);
  assertEquals([first?.items, first?.exits, first?.cost], [4, { small: 0.75, large: 0.25 }, 2]);
  assertEquals([second?.items, second?.operatingPoint], [1, "accurate"]);
  assertEquals(first?.disagreement.limit, 0.02);
  assertEquals(first?.loss?.limit, 0.05);
});

Deno.test("Monitor raises the alarm once when answers differ more than is certified, and only then", () => {
  const { monitor, alarms } = monitorOf();
  const compare = (differs: boolean) => {
    const logged = monitor.count(P1, [item()]);
    monitor.compare(P1, logged, [differs ? [1, 0] : [0, 1]], 0);
  };
  for (let turn = 0; turn < 2000; turn++) compare(turn % 100 === 0);
  assertEquals([alarms, monitor.hasAlarm("test@1")], [[], false]);
  let turns = 0;
  while (alarms.length === 0 && turns++ < 2000) compare(turns % 4 === 0);
  assertEquals(monitor.hasAlarm("test@1"), true);
  for (let turn = 0; turn < 100; turn++) compare(true);
  assertEquals(alarms.length, 1);
  const [{ policy, quantity, sentence }] = alarms as [Alarm];
  assertEquals([policy, quantity], ["test@1", "disagreement"]);
  assertMatch(sentence, /^test@1: disagreement is \d.*% of \d+ inputs .*more than 2.00%/);
  const [report] = monitor.report();
  assertEquals(report?.disagreement.alarm?.fired, true);
  assertEquals(report?.shadow.compared, report?.shadow.drawn);
});

Deno.test("Monitor counts what was skipped and what is missing; neither is an observation", () => {
  const { monitor } = monitorOf();
  const logged = monitor.count(P1, [item(), item()], { skipped: 2 });
  monitor.compare(P1, logged, [undefined, [0, 1]], 6);
  const [report] = monitor.report();
  assertEquals(report?.shadow, { drawn: 4, skipped: 2, compared: 1, missing: 1 });
  assertEquals([report?.disagreement.n, report?.disagreement.missing], [1, 1]);
  assertEquals([report?.cost, report?.shadowCost], [1, 3]);
});

Deno.test("Monitor says when more inputs than before go to the full model, and calls that no failure", () => {
  const { monitor, alarms } = monitorOf();
  for (let turn = 0; turn < 1000; turn++) {
    monitor.count(P1, [item(turn % 10 === 0 ? "large" : "small")]);
  }
  assertEquals(alarms, []);
  for (let turn = 0; turn < 1000; turn++) {
    monitor.count(P1, [item(turn % 2 === 0 ? "large" : "small")]);
  }
  assertEquals(alarms.map(({ quantity }) => quantity), ["fullShare"]);
  assertMatch(alarms[0]?.sentence ?? "", /the full model's share is \d/);
  assertEquals(monitor.hasAlarm("test@1"), false);
});

Deno.test("label() counts accuracy, and the loss where the full model's answer is known", () => {
  const { monitor } = monitorOf();
  const logged = monitor.count(P1, [item(), item()], { id: "a" });
  assertEquals(monitor.label("a", 0, 1), { policy: "test@1", right: false });
  assertEquals(monitor.label("a", 1, 0), { policy: "test@1", right: true });
  assertEquals(monitor.report()[0]?.loss?.n, 0);
  // The comparison may come after the label.
  monitor.compare(P1, logged.slice(0, 1), [[1, 0]], 0);
  const [report] = monitor.report();
  assertEquals([report?.loss?.n, report?.loss?.rate, report?.loss?.kind], [1, 1, "signed"]);
  assertEquals(report?.labels, { n: 2, accuracy: 0.5 });

  const later = monitor.count(P1, [item()], { id: "b" });
  monitor.compare(P1, later, [[0, 1]], 0);
  monitor.label("b", 0, 0);
  assertEquals(monitor.report()[0]?.loss?.rate, 0.5);
});

Deno.test("label() raises the alarm when the loss is more than is certified", () => {
  const { monitor, alarms } = monitorOf();
  for (let turn = 0; turn < 300; turn++) {
    const logged = monitor.count(P1, [item()], { id: `${turn}` });
    monitor.compare(P1, logged, [turn % 50 === 0 ? [1, 0] : [0, 1]], 0);
    monitor.label(`${turn}`, 0, 0);
  }
  assertEquals(alarms.map(({ quantity }) => quantity), []);
  for (let turn = 300; turn < 900; turn++) {
    const logged = monitor.count(P1, [item()], { id: `${turn}` });
    monitor.compare(P1, logged, [turn % 3 === 0 ? [1, 0] : [0, 1]], 0);
    monitor.label(`${turn}`, 0, turn % 3 === 0 ? 1 : 0);
  }
  assertEquals(alarms.map(({ quantity }) => quantity).sort(), ["disagreement", "loss"]);
});

Deno.test("label() refuses what it does not know, and a second label", () => {
  const { monitor } = monitorOf();
  assertThrows(() => monitor.label("a", 0, 1), UnknownRequestError, 'request "a"');
  monitor.count(P1, [item()], { id: "a" });
  assertThrows(() => monitor.label("a", 1, 1), InvalidInputError, "expected 0 to 0");
  monitor.label("a", 0, 1);
  assertThrows(() => monitor.label("a", 0, 1), InvalidInputError, "has a label already");
});

Deno.test("Monitor says what has drifted from the trace", () => {
  const { monitor, drifts } = monitorOf();
  for (let turn = 0; turn < 600; turn++) {
    const exit = turn % 10 < 7 ? "small" : turn % 10 < 9 ? "medium" : "large";
    const confidence = turn % 10 < 8 ? 0.95 : turn % 10 < 9 ? 0.7 : 0.3;
    monitor.count(P1, [item(exit, confidence)]);
  }
  assertEquals(drifts, []);
  for (let turn = 0; turn < 3000; turn++) {
    monitor.count(P1, [item("large", 0.4)]);
  }
  assertMatch(drifts.join("\n"), /test@1: large answers .* instead of 10/);
  assertMatch(drifts.join("\n"), /test@1: small is less than 50% sure of .* instead of 10/);
  assertEquals(monitor.report()[0]?.drift?.drifted, true);
});

Deno.test("Monitor compares only the network with the trace whose confidence is known of it", () => {
  const { monitor, drifts } = monitorOf();
  const { document } = P1;
  assert(document);
  const full = { ...P1, name: "test@2", document: { ...document, active: "always:large" } };
  const policy = { ...full, operatingPoint: "always:large" };
  for (let turn = 0; turn < 600; turn++) {
    monitor.count(policy, [{ ...item("large", 0.4), path: ["large"] }]);
  }
  assertEquals(drifts, []);
  const [report] = monitor.report();
  assertEquals([report?.items, report?.drift?.histograms.map(({ n }) => n)], [600, [0]]);
});

Deno.test("a canary takes its record along when it becomes a version", () => {
  const { monitor } = monitorOf();
  const canary = policyOf("test@canary-1a2b3c4d");
  const logged = monitor.count(canary, [item()], { id: "a" });
  monitor.compare(canary, logged, [[1, 0]], 0);
  monitor.rename("test@canary-1a2b3c4d", "test@2");
  monitor.count(policyOf("test@2"), [item()]);
  const reports = monitor.report();
  assertEquals(reports.map(({ policy, items }) => [policy, items]), [["test@2", 2]]);
  assertEquals(reports[0]?.disagreement.n, 1);
  // What was under way when it was promoted.
  monitor.compare(canary, logged, [[0, 1]], 0);
  assertEquals(monitor.label("a", 0, 0), { policy: "test@2", right: true });
  assertEquals(monitor.report().map(({ disagreement, labels }) => [disagreement.n, labels.n]), [
    [2, 1],
  ]);
  monitor.rename("unknown", "other");
});

Deno.test("Monitor remembers the latest twenty versions", () => {
  const { monitor } = monitorOf();
  for (let version = 1; version <= 25; version++) {
    monitor.count(policyOf(`test@${version}`), [item()]);
  }
  const names = monitor.report().map(({ policy }) => policy);
  assertEquals([names.length, names[0], names.at(-1)], [20, "test@6", "test@25"]);
});

Deno.test("a policy without anything certified is counted and raises no alarm", () => {
  const { monitor, alarms } = monitorOf();
  const bare = { name: "always:large", operatingPoint: null, choice: { always: "large" } };
  for (let turn = 0; turn < 500; turn++) {
    const logged = monitor.count(bare, [item()]);
    monitor.compare(bare, logged, [[1, 0]], 0);
  }
  const [report] = monitor.report();
  assertEquals([report?.disagreement.rate, report?.disagreement.limit], [1, null]);
  assertEquals([report?.loss, report?.drift, alarms], [null, null, []]);
});
