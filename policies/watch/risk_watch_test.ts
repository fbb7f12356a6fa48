import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Alarm } from "./alarm.ts";
import { confidenceInterval } from "./confidence_sequence.ts";
import { RiskWatch } from "./risk_watch.ts";

const SIGNED = [-1, 0, 1];
const STREAM = fc.array(fc.constantFrom(null, ...SIGNED), { maxLength: 80 });

function feed(watch: RiskWatch, stream: readonly (number | null)[]): void {
  for (const value of stream) value === null ? watch.miss() : watch.observe(value);
}

Deno.test("RiskWatch begins with nothing known", () => {
  assertEquals(new RiskWatch({ name: "disagreement", limit: 0.02 }).report(), {
    name: "disagreement",
    n: 0,
    missing: 0,
    rate: null,
    interval: [0, 1],
    limit: 0.02,
    delta: 0.05,
    evidence: 0,
    alarm: { fired: false, at: null },
  });
});

Deno.test("RiskWatch reports what its parts say", () => {
  const watch = new RiskWatch({ name: "signed", limit: 0.1, delta: 0.1, values: SIGNED });
  const alarm = new Alarm({ limit: 0.1, delta: 0.1, values: SIGNED });
  const fires = Array.from({ length: 1000 }, (_, index) => {
    const value = index % 10 === 0 ? -1 : index % 3 === 0 ? 1 : 0;
    assertEquals(watch.observe(value), alarm.observe(value));
    return value;
  });
  const counts = SIGNED.map((value) => fires.filter((one) => one === value).length);
  const { lower, upper } = confidenceInterval(counts, 0.1, SIGNED);
  assert(alarm.fired !== null);
  assertEquals(watch.report(), {
    name: "signed",
    n: 1000,
    missing: 0,
    rate: (counts[2]! - counts[0]!) / 1000,
    interval: [lower, upper],
    limit: 0.1,
    delta: 0.1,
    evidence: alarm.evidence,
    alarm: { fired: true, at: alarm.fired },
  });
});

Deno.test("RiskWatch has no alarm where nothing is certified", () => {
  const watch = new RiskWatch({ name: "disagreement" });
  for (let n = 0; n < 100; n++) assertEquals(watch.observe(1), false);
  const { limit, evidence, alarm, interval } = watch.report();
  assertEquals([limit, evidence, alarm], [null, null, null]);
  assert(interval[0] > 0.8);
});

Deno.test("RiskWatch counts what is missing against every statement", () => {
  const watch = new RiskWatch({ name: "disagreement", limit: 0.02 });
  feed(watch, Array.from({ length: 1000 }, (_, index) => index % 100 === 0 ? 1 : 0));
  const complete = watch.report();
  feed(watch, new Array<null>(50).fill(null));
  const { n, missing, rate, interval, evidence } = watch.report();
  assertEquals([n, missing, rate], [1000, 50, 0.01]);
  assertEquals(interval, [
    confidenceInterval([1040, 10], 0.05).lower,
    confidenceInterval([990, 60], 0.05).upper,
  ]);
  assert(evidence! < complete.evidence!);
});

Deno.test("RiskWatch goes on from its state, as JSON, exactly", () => {
  fc.assert(fc.property(STREAM, STREAM, (before, after) => {
    const options = { name: "signed", limit: 0.05, values: SIGNED };
    const watch = new RiskWatch(options);
    feed(watch, before);
    const restored = new RiskWatch(options, JSON.parse(JSON.stringify(watch.state)));
    feed(watch, after);
    feed(restored, after);
    assertEquals(restored.report(), watch.report());
    assertEquals(restored.state, watch.state);
  }));
});

Deno.test("RiskWatch forgets everything at a reset", () => {
  const options = { name: "disagreement", limit: 0.02 };
  const watch = new RiskWatch(options);
  feed(watch, [1, 1, 1, 1, null, 0, 1, 1, 1, 1, 1, 1, 1]);
  watch.reset();
  assertEquals(watch.report(), new RiskWatch(options).report());
});

Deno.test("RiskWatch refuses what cannot be", () => {
  const options = { name: "disagreement", limit: 0.02 };
  const watch = new RiskWatch(options);
  assertThrows(() => watch.observe(0.5), RangeError, "expected one of [0,1]");
  // Nothing of a refused observation was taken in.
  assertEquals(watch.report().n, 0);
  assertThrows(() => new RiskWatch({ ...options, limit: 2 }), RangeError, "at most 1, got 2");
  const state = { ...watch.state, counts: [1, 2, 3] };
  assertThrows(() => new RiskWatch(options, state), RangeError, "got [1,2,3]");
  const other = { ...options, limit: 0.03 };
  assertThrows(() => new RiskWatch(other, watch.state), RangeError, "expected limit 0.03");
  const missing = { ...watch.state, missing: -1 };
  assertThrows(() => new RiskWatch(options, missing), RangeError, "missing");
});
