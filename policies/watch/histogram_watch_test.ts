import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../learn/stats/random.ts";
import { allowedFailures } from "../learn/stats/resample.ts";
import { HistogramWatch, type Look } from "./histogram_watch.ts";
import { exitReference } from "./reference.ts";
import { drawBin, drawCounts } from "../../tests/harness/generators/watch_streams.ts";

const REFERENCE = exitReference({ small: 4440, large: 1560 });

/** Observes so many requests of which `share` of 100 are in the first bin; gives the looks. */
function feed(watch: HistogramWatch, n: number, share: number): Look[] {
  return Array.from({ length: n }, (_, index) => watch.observe(index % 100 < share ? 0 : 1))
    .filter((look) => look !== null);
}

Deno.test("HistogramWatch looks at windows that double up to 8000, and spends delta over all", () => {
  const looks = feed(new HistogramWatch(REFERENCE, 0.04), 40_000, 74);
  assertEquals(looks.map(({ at }) => at), [500, 1500, 3500, 7500, 15_500, 23_500, 31_500, 39_500]);
  assertEquals(looks.map(({ n }) => n), [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]);
  assertEquals(looks.map(({ look }) => look), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert(looks.every(({ drifted, p_value }) => !drifted && p_value > 0.5));
  assertAlmostEquals(looks[0]!.level, 0.04 * 6 / Math.PI ** 2);
  assertAlmostEquals(looks[2]!.level, looks[0]!.level / 9);
});

Deno.test("HistogramWatch says what moved, and keeps the first look that found it", () => {
  const watch = new HistogramWatch(REFERENCE);
  feed(watch, 3500, 74);
  assertEquals(watch.state.drift, null);
  feed(watch, 4000, 41);
  const { drift, last } = watch.state;
  assertEquals(drift, last);
  assertEquals([drift?.at, drift?.n, drift?.drifted], [7500, 4000, true]);
  assertEquals(drift?.sentence, "small answers 41% of requests instead of 74% on the trace");
  feed(watch, 8000, 74);
  assertEquals(watch.state.last?.drifted, false);
  assertEquals(watch.state.drift, drift);
});

Deno.test("HistogramWatch goes on from its state, as JSON, exactly", () => {
  const watch = new HistogramWatch(REFERENCE);
  feed(watch, 2100, 60);
  const restored = new HistogramWatch(REFERENCE, 0.05, JSON.parse(JSON.stringify(watch.state)));
  assertEquals(restored.state, watch.state);
  assertEquals(feed(restored, 9000, 74), feed(watch, 9000, 74));
  assertEquals(restored.state, watch.state);
});

Deno.test("HistogramWatch finds drift where there is none in a share of at most delta", () => {
  const random = seededRandom(2);
  const streams = 200;
  for (const chances of [[0.74, 0.26], [0.002, 0.008, 0.05, 0.14, 0.3, 0.5]]) {
    let drifted = 0;
    for (let stream = 0; stream < streams; stream++) {
      const counts = drawCounts(2000, chances, random);
      const bins = chances.map(String);
      const watch = new HistogramWatch({ name: "any", bins, unit: "of requests", counts });
      for (let n = 0; n < 7500; n++) watch.observe(drawBin(chances, random));
      if (watch.state.drift !== null) drifted++;
    }
    // Two standard errors of a share of exactly delta are allowed.
    assert(drifted <= allowedFailures(0.05, streams), `${drifted} of ${streams}`);
  }
});

Deno.test("HistogramWatch finds a real drift at the next look", () => {
  const random = seededRandom(3);
  for (let stream = 0; stream < 50; stream++) {
    const watch = new HistogramWatch(REFERENCE);
    for (let n = 0; n < 7500; n++) watch.observe(drawBin([0.74, 0.26], random));
    for (let n = 0; n < 8000; n++) watch.observe(drawBin([0.68, 0.32], random));
    assert(watch.state.last?.drifted);
  }
});

Deno.test("HistogramWatch refuses what cannot be", () => {
  const watch = new HistogramWatch(REFERENCE);
  assertThrows(
    () => watch.observe(2),
    RangeError,
    "Cannot watch exits: expected bin 0 to 1, got 2",
  );
  assertThrows(() => watch.observe(-1), RangeError, "got -1");
  assertThrows(() => new HistogramWatch(REFERENCE, 0), RangeError, "delta");
  const none = exitReference({ small: 0 });
  assertThrows(() => new HistogramWatch(none), RangeError, "one example or more");
  const other = new HistogramWatch(exitReference({ small: 1 })).state;
  assertThrows(() => new HistogramWatch(REFERENCE, 0.05, other), RangeError, "2 bins, got 1");
});
