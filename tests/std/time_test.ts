/** What the tests count on; with `deno task test:jsr` the same is asked of the originals. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { FakeTime, TimeError } from "@std/testing/time";

Deno.test("FakeTime stands still until it is told to move", () => {
  using time = new FakeTime(1000);
  assertEquals([time.start, time.now, Date.now(), new Date().valueOf()], [1000, 1000, 1000, 1000]);
  time.tick(500);
  time.tick();
  assertEquals([time.start, time.now, Date.now()], [1000, 1500, 1500]);
  time.now = 2000;
  assertEquals(Date.now(), 2000);
  assertThrows(() => time.now = 1999, RangeError);
});

Deno.test("FakeTime leaves dates that are given alone", () => {
  using _ = new FakeTime(0);
  const date = new Date("2020-01-02T03:04:05Z");
  assertEquals(date.toISOString(), "2020-01-02T03:04:05.000Z");
  assert(date instanceof Date && typeof Date() === "string");
  assertEquals([Date.UTC(1970, 0, 2), Date.parse("1970-01-02")], [86_400_000, 86_400_000]);
});

Deno.test("FakeTime begins now, or at any time, but not at none", () => {
  const before = Date.now();
  {
    using time = new FakeTime();
    assert(before <= time.now);
  }
  for (const start of [7, new Date(7), "1970-01-01T00:00:00.007Z"]) {
    using time = new FakeTime(start);
    assertEquals(time.now, 7);
  }
  assertThrows(() => new FakeTime("soon"), TypeError);
  assert(Date.now() >= before);
});

Deno.test("timers go off when they are due, in their order, and no sooner", () => {
  using time = new FakeTime(0);
  const log: string[] = [];
  setTimeout((...args) => log.push(`${args} at ${time.now}`), 20, "b", "c");
  setTimeout(() => log.push(`a at ${time.now}`), 10.9);
  setTimeout(() => {
    setTimeout(() => log.push(`inner at ${Date.now()}`), 10);
  }, 10);
  time.tick(9);
  assertEquals(log, []);
  time.tick(1);
  assertEquals(log, ["a at 10"]);
  time.tick(100);
  assertEquals(log, ["a at 10", "b,c at 20", "inner at 20"]);
});

Deno.test("a timer that is cleared does not go off, and intervals do until they are", () => {
  using time = new FakeTime(0);
  const log: string[] = [];
  clearTimeout(setTimeout(() => log.push("never"), 1));
  const id = setInterval(() => log.push(`${time.now}`), 10);
  time.tick(35);
  clearInterval(id);
  clearTimeout(undefined);
  time.tick(100);
  assertEquals(log, ["10", "20", "30"]);
});

Deno.test("time goes no further than a timer that throws", () => {
  using time = new FakeTime(0);
  setTimeout(() => {
    throw new RangeError("no");
  }, 10);
  assertThrows(() => time.tick(100), RangeError, "no");
  assertEquals(time.now, 10);
});

Deno.test("next() goes to the next timer, and tells whether there was one", async () => {
  using time = new FakeTime(0);
  const log: string[] = [];
  for (const ms of [30, 10, 10]) setTimeout(() => log.push(`${time.now}`), ms);
  assertEquals([time.next(), log.length], [true, 2]);
  let waited = false;
  Promise.resolve().then(() => waited = true);
  assertEquals([await time.nextAsync(), log, waited], [true, ["10", "10", "30"], true]);
  assertEquals([time.next(), await time.nextAsync(), time.now], [false, false, 30]);
});

Deno.test("runMicrotasks() lets promises settle, and no timer go off", async () => {
  using time = new FakeTime(0);
  const log: string[] = [];
  setTimeout(() => log.push("timer"), 0);
  (async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    log.push("promise");
  })();
  await time.runMicrotasks();
  assertEquals([log, time.now], [["promise"], 0]);
});

Deno.test("time is faked once at a time, and is real again afterwards", () => {
  const real = [Date, setTimeout, clearTimeout, setInterval, clearInterval];
  const time = new FakeTime();
  assertThrows(() => new FakeTime(), TimeError);
  time.restore();
  assertEquals([Date, setTimeout, clearTimeout, setInterval, clearInterval], real);
  assertThrows(() => time.restore(), TimeError);
});
