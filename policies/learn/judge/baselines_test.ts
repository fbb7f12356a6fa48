import { assertAlmostEquals, assertEquals } from "@std/assert";
import { agreementMethod, randomMixMethod } from "./baselines.ts";
import { mean } from "../stats/bootstrap.ts";
import { alwaysMethod, costAlone, nodesFor } from "../replay/judged.ts";
import { oracleMethod } from "../replay/oracle.ts";
import { allRows } from "../replay/simulate.ts";
import { buildTrace } from "../../../tests/harness/generators/traces.ts";
import type { Trace } from "../trace/types.ts";

const CLASSES = 3;

/** Logits of given answers, one a row. */
function answering(...answers: number[]): Float32Array {
  return Float32Array.from(
    { length: answers.length * CLASSES },
    (_, index) => (answers[Math.floor(index / CLASSES)] === index % CLASSES ? 5 : 0),
  );
}

/** Right are: small on rows 0 and 1, medium on 0 and 2, large on all but the last. */
const TRACE: Trace = buildTrace({
  labels: Int32Array.of(0, 1, 2, 0, 2),
  classes: CLASSES,
  logits: {
    small: answering(0, 1, 0, 1, 1),
    medium: answering(0, 0, 2, 1, 0),
    large: answering(0, 1, 2, 0, 1),
  },
  cost: { small: 1, medium: 3, large: 10 },
  successors: { start: ["small"], small: ["medium", "large"], medium: ["large"], large: [] },
});
const ROWS = allRows(TRACE);

Deno.test("alwaysMethod() runs one node alone", () => {
  const [small] = alwaysMethod(TRACE, "small").judge(ROWS);
  assertEquals(small?.id, "small");
  assertEquals(small?.cost, Float64Array.of(1, 1, 1, 1, 1));
  assertEquals(small?.loss.top1, Float64Array.of(0, 0, 1, 1, 0));
  assertEquals(small?.exits.map(({ share, error }) => [share, error]), [
    [1, 3 / 5],
    [0, null],
    [0, null],
  ]);
});

Deno.test("alwaysMethod() runs what the node reads as well", () => {
  const exits: Trace = {
    ...TRACE,
    successors: { start: ["small"], small: ["medium"], medium: ["large"], large: [] },
    reads: { small: [], medium: ["small"], large: ["medium"] },
  };
  assertEquals(nodesFor(exits, "large"), ["small", "medium", "large"]);
  assertEquals(costAlone(exits, "medium"), 4);
  const [large] = alwaysMethod(exits, "large").judge(ROWS);
  assertEquals(large?.cost, Float64Array.of(14, 14, 14, 14, 14));
});

Deno.test("agreementMethod() exits where two nodes in a row answer the same, on every path", () => {
  const [through, past, ...others] = agreementMethod(TRACE, 0).judge(ROWS);
  assertEquals(others, []);
  assertEquals(through?.id, "small-medium-large");
  assertEquals(through?.cost, Float64Array.of(4, 14, 14, 4, 14));
  assertEquals(through?.loss.top1, Float64Array.of(0, 0, 0, 1, 0));
  assertEquals(through?.exits.map(({ share }) => share), [0, 2 / 5, 3 / 5]);
  assertEquals(past?.id, "small-large");
  assertEquals(past?.cost, Float64Array.of(11, 11, 11, 11, 11));
});

Deno.test("agreementMethod() counts every decision", () => {
  const [through] = agreementMethod(TRACE, 0.5).judge(ROWS);
  assertEquals(through?.cost, Float64Array.of(5, 15, 15, 5, 15));
});

Deno.test("agreementMethod() chooses among several first nodes by the path", () => {
  const trace: Trace = {
    ...TRACE,
    successors: { start: ["small", "medium"], small: ["large"], medium: ["large"], large: [] },
  };
  const settings = agreementMethod(trace, 0).judge(ROWS);
  assertEquals(settings.map(({ id, cost }) => [id, mean(cost)]), [
    ["small-large", 11],
    ["medium-large", 13],
  ]);
});

Deno.test("randomMixMethod() mixes the corners of the hull", () => {
  const always = TRACE.nodes.map((node) => alwaysMethod(TRACE, node));
  // Medium costs more than small and loses as much.
  const settings = randomMixMethod(always, ROWS, "top1").judge(ROWS);
  assertEquals(settings.length, 21);
  assertEquals(settings[0]?.id, "small-large-0");
  assertEquals(settings.at(-1)?.id, "large");
  const half = settings.find(({ id }) => id === "small-large-0.5");
  assertAlmostEquals(mean(half?.cost as Float64Array), 5.5, 1e-7);
  assertAlmostEquals(mean(half?.loss.top1 as Float64Array), 1 / 5);
  assertEquals(half?.exits.map(({ share }) => share), [0.5, 0, 0.5]);
});

Deno.test("oracleMethod() runs the cheapest node that is no worse than the full model", () => {
  const [oracle] = oracleMethod(TRACE, "top1").judge(ROWS);
  // On the last row all are wrong, so that the cheapest is no worse.
  assertEquals(oracle?.cost, Float64Array.of(1, 1, 3, 10, 1));
  assertEquals(oracle?.loss.top1, new Float64Array(5));
  assertEquals(oracle?.exits.map(({ share }) => share), [3 / 5, 1 / 5, 1 / 5]);
});

Deno.test("oracleMethod() gains where a cheap node is right and the full model is not", () => {
  const trace: Trace = { ...TRACE, labels: Int32Array.of(0, 1, 2, 1, 2) };
  const [oracle] = oracleMethod(trace, "top1").judge(ROWS);
  assertEquals(oracle?.loss.top1, Float64Array.of(0, 0, 0, -1, 0));
  assertEquals(oracle?.loss.top1_clipped, new Float64Array(5));
});

Deno.test("oracleMethod() goes by the full model's answers where there are no labels", () => {
  const { labels: _, ...trace } = TRACE;
  const [oracle] = oracleMethod(trace, "disagreement").judge(ROWS);
  assertEquals(oracle?.cost, Float64Array.of(1, 1, 3, 10, 1));
  assertEquals(oracle?.exits.every(({ error }) => error === null), true);
});
