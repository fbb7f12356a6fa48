import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seededRandom } from "../learn/stats/random.ts";
import { allowedFailures } from "../learn/stats/resample.ts";
import { Alarm, type AlarmState } from "./alarm.ts";
import { ALARM_BETS, logCapital, logFactors } from "./bets.ts";
import {
  bernoulli,
  type Distribution,
  meanOf,
  timeOfAlarm,
} from "../../tests/harness/generators/watch_streams.ts";

const SIGNED = [-1, 0, 1];
const STREAM = fc.array(fc.constantFrom(...SIGNED), { minLength: 1, maxLength: 60 });
const LIMIT = fc.double({ min: -0.9, max: 1, noNaN: true });

/** An alarm after a stream. */
function alarmAfter(stream: readonly number[], limit: number, values = SIGNED): Alarm {
  const alarm = new Alarm({ limit, values });
  for (const value of stream) alarm.observe(value);
  return alarm;
}

Deno.test("Alarm bets from every start at once: the sum over starts, each from its counts", () => {
  const waiting = (n: number) => n === 0 ? 1 : 0.5 / Math.sqrt(1 + (n - 1) / 1000);
  fc.assert(fc.property(STREAM, LIMIT, (stream, limit) => {
    const factors = logFactors(SIGNED, limit, ALARM_BETS);
    let expected = waiting(stream.length);
    stream.forEach((_, start) => {
      const since = stream.slice(start);
      const counts = SIGNED.map((value) => since.filter((one) => one === value).length);
      expected += (waiting(start) - waiting(start + 1)) *
        Math.exp(logCapital(counts, factors, ALARM_BETS));
    });
    const { evidence } = alarmAfter(stream, limit);
    assertAlmostEquals(evidence, Math.log10(expected), 1e-9);
  }));
});

Deno.test("Alarm after one observation, by hand", () => {
  const stake = ALARM_BETS.reduce((sum, { stake, weight }) => sum + weight * stake, 0);
  assertAlmostEquals(
    alarmAfter([1], 0.25, [0, 1]).evidence,
    Math.log10(0.5 + 0.5 * (1 + 3 * stake)),
  );
  assertAlmostEquals(alarmAfter([0], 0.25, [0, 1]).evidence, Math.log10(0.5 + 0.5 * (1 - stake)));
  assertEquals(new Alarm({ limit: 0.25 }).evidence, 0);
});

Deno.test("Alarm is false with a chance of at most δ, its e-value 1 on average, by enumeration", () => {
  const [limit, delta] = [0.3, 0.2];
  for (const rate of [0.3, 0.2]) {
    let fired = 0;
    let average = 0;
    const walk = (chance: number, state: AlarmState | undefined, left: number) => {
      const alarm = new Alarm({ limit, delta }, state);
      if (left === 0) {
        average += chance * 10 ** alarm.evidence;
        if (alarm.fired !== null) fired += chance;
        return;
      }
      for (const value of [0, 1]) {
        const next = new Alarm({ limit, delta }, state);
        next.observe(value);
        walk(chance * (value === 1 ? rate : 1 - rate), next.state, left - 1);
      }
    };
    walk(1, undefined, 12);
    assert(fired > 0 && fired <= delta, `${fired} at ${rate}`);
    if (rate === limit) assertAlmostEquals(average, 1, 1e-12);
    else assert(average < 1);
  }
});

Deno.test("Alarm has less evidence against a higher limit", () => {
  fc.assert(fc.property(STREAM, LIMIT, LIMIT, (stream, one, other) => {
    const low = alarmAfter(stream, Math.min(one, other)).evidence;
    assert(alarmAfter(stream, Math.max(one, other)).evidence <= low + 1e-9);
  }));
});

Deno.test("Alarm goes on from its state, as JSON, exactly", () => {
  fc.assert(fc.property(STREAM, STREAM, LIMIT, (before, after, limit) => {
    const options = { limit, values: SIGNED };
    const alarm = alarmAfter(before, limit);
    const restored = new Alarm(options, JSON.parse(JSON.stringify(alarm.state)));
    for (const value of after) assertEquals(restored.observe(value), alarm.observe(value));
    assertEquals(restored.state, alarm.state);
    assertEquals([restored.evidence, restored.fired], [alarm.evidence, alarm.fired]);
  }));
});

Deno.test("Alarm fires once, stays so and begins anew after a reset", () => {
  const alarm = new Alarm({ limit: 0.1 });
  const fires = Array.from({ length: 30 }, () => alarm.observe(1));
  const at = fires.indexOf(true) + 1;
  assertEquals(fires.filter(Boolean).length, 1);
  for (let n = 0; n < 2000; n++) assert(!alarm.observe(0));
  assertEquals(alarm.fired, at);
  assert(alarm.evidence < 0);
  const restored = new Alarm({ limit: 0.1 }, alarm.state);
  assertEquals([restored.fired, restored.observe(1)], [at, false]);

  alarm.reset();
  assertEquals(alarm.state, new Alarm({ limit: 0.1 }).state);
  assertEquals(Array.from({ length: 30 }, () => alarm.observe(1)), fires);
});

Deno.test("Alarm stays a number however long it lasts", () => {
  const alarm = new Alarm({ limit: 0.01 });
  for (let n = 0; n < 5000; n++) alarm.observe(1);
  assert(alarm.evidence > 200 && Number.isFinite(alarm.evidence));
  for (let n = 0; n < 200_000; n++) alarm.observe(0);
  assert(Number.isFinite(alarm.evidence));
  assert(alarm.state.capital.every((capital) => capital > 0 && capital < Infinity));
});

Deno.test("Alarm finds a late change about as soon as an early one", () => {
  const random = seededRandom(1);
  const times = Array.from({ length: 50 }, () => {
    const stages = { before: bernoulli(0.004), after: bernoulli(0.08), change: 20_000, n: 30_000 };
    return timeOfAlarm({ limit: 0.02 }, stages, random) ?? Infinity;
  }).sort((one, other) => one - other);
  assert(times[0]! > 20_000);
  // One that bets from the first observation only has yet to win back what it lost: it takes thousands.
  assert(times[25]! < 20_300 && times[45]! < 20_600, `${times[25]} and ${times[45]}`);
});

/** Share of its limit at which the rate stays, observations of each stream. */
const UNDISTURBED: [name: string, Distribution, share: number, n: number][] = [
  ["a rate at its limit", bernoulli(0.02), 1, 100_000],
  ["a rare rate at its limit", bernoulli(0.005), 1, 10_000],
  ["a rate of 0.8 of its limit", bernoulli(0.02), 0.8, 10_000],
  ["a signed loss at its limit", { values: SIGNED, chances: [0.01, 0.97, 0.02] }, 1, 10_000],
];
for (const [name, distribution, share, n] of UNDISTURBED) {
  Deno.test(`Alarm is false in a share of at most δ of ${n}: ${name}`, () => {
    const random = seededRandom(1);
    const streams = 200;
    let fired = 0;
    for (let stream = 0; stream < streams; stream++) {
      const stages = { before: distribution, after: distribution, change: 0, n };
      const limit = meanOf(distribution) / share;
      if (timeOfAlarm({ limit }, stages, random) !== null) fired++;
    }
    // Two standard errors of a share of exactly δ are allowed.
    assert(fired <= allowedFailures(0.05, streams), `${fired} of ${streams}`);
  });
}

Deno.test("Alarm refuses what cannot be", () => {
  assertThrows(() => new Alarm({ limit: 0 }), RangeError, "more than 0, at most 1, got 0");
  assertThrows(() => new Alarm({ limit: NaN }), RangeError, "got NaN");
  assertThrows(() => new Alarm({ limit: -1, values: SIGNED }), RangeError, "more than -1");
  assertThrows(() => new Alarm({ limit: 0.1, delta: 0 }), RangeError, "delta above 0");
  assertThrows(() => new Alarm({ limit: 0.1 }).observe(0.5), RangeError, "one of [0,1]");
  const { state } = new Alarm({ limit: 0.1 });
  assertThrows(() => new Alarm({ limit: 0.2 }, state), RangeError, "expected limit 0.2");
  assertThrows(() => new Alarm({ limit: 0.1, values: SIGNED }, state), RangeError, "[-1,0,1]");
  const short = { ...state, capital: [1] };
  assertThrows(() => new Alarm({ limit: 0.1 }, short), RangeError, "14 numbers of capital, got 1");
});
