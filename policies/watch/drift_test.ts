import { assertEquals, assertThrows } from "@std/assert";
import { DriftWatch } from "./drift.ts";
import { binOf, confidenceReference, exitReference } from "./reference.ts";

const EDGES = [0.7, 0.95];
const REFERENCES = [
  exitReference({ small: 740, large: 260 }),
  confidenceReference({ node: "small", edges: EDGES, counts: [400, 0, 600] }),
];

/** Observes requests that `small` answers and is sure of as often as given, of 100. */
function feed(watch: DriftWatch, n: number, answered: number, sure: number): void {
  for (let index = 0; index < n; index++) {
    watch.observe("exits", index % 100 < answered ? 0 : 1);
    const confidence = index % 100 < sure ? 0.97 : 0.65;
    watch.observe("confidence of small", binOf(confidence, EDGES));
  }
}

Deno.test("DriftWatch finds nothing where nothing moved", () => {
  const watch = new DriftWatch(REFERENCES);
  feed(watch, 1500, 74, 60);
  const { drifted, sentence, histograms, delta } = watch.report();
  assertEquals([drifted, delta], [false, 0.05]);
  assertEquals(sentence, "nothing has moved by more than chance explains");
  assertEquals(histograms.map(({ name, n }) => [name, n]), [
    ["exits", 1500],
    ["confidence of small", 1500],
  ]);
});

Deno.test("DriftWatch says what moved most clearly, exits or confidence", () => {
  const exits = new DriftWatch(REFERENCES);
  feed(exits, 500, 41, 57);
  assertEquals(
    exits.report().sentence,
    "small answers 41% of requests instead of 74% on the trace",
  );
  const confidence = new DriftWatch(REFERENCES);
  feed(confidence, 500, 74, 30);
  const { drifted, sentence, histograms } = confidence.report();
  assertEquals(drifted, true);
  assertEquals(
    sentence,
    "small is less than 70% sure of 70% of its requests instead of 40% on the trace",
  );
  assertEquals(histograms.map(({ drift }) => drift !== null), [false, true]);
});

Deno.test("DriftWatch shares delta among histograms", () => {
  const watch = new DriftWatch(REFERENCES, 0.1);
  feed(watch, 500, 74, 60);
  const levels = watch.report().histograms.map(({ last }) => last?.level);
  assertEquals(levels, [0.05 * 6 / Math.PI ** 2, 0.05 * 6 / Math.PI ** 2]);
});

Deno.test("DriftWatch goes on from its state, and begins anew what that does not know", () => {
  const watch = new DriftWatch(REFERENCES);
  feed(watch, 700, 60, 50);
  const restored = new DriftWatch(REFERENCES, 0.05, JSON.parse(JSON.stringify(watch.state)));
  assertEquals(restored.report(), watch.report());
  feed(restored, 900, 60, 50);
  feed(watch, 900, 60, 50);
  assertEquals(restored.state, watch.state);

  const { exits } = watch.state;
  const partly = new DriftWatch(REFERENCES, 0.05, { exits: exits! });
  assertEquals(partly.report().histograms.map(({ n }) => n), [1600, 0]);
});

Deno.test("DriftWatch refuses what cannot be", () => {
  const exits = exitReference({ small: 1, large: 1 });
  assertThrows(() => new DriftWatch([]), RangeError, "different names");
  assertThrows(() => new DriftWatch([exits, exits]), RangeError, "got exits, exits");
  assertThrows(() => new DriftWatch([exits], 0.9), RangeError, "delta");
  const watch = new DriftWatch([exits]);
  assertThrows(
    () => watch.observe("other", 0),
    RangeError,
    "histogram other: expected one of exits",
  );
});
