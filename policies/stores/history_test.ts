import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { appendVersion, sha256 } from "./history.ts";
import {
  AUDITED_VERSIONS,
  KEPT_VERSIONS,
  type NewPolicy,
  PolicyConflictError,
  type PolicyVersion,
} from "./store.ts";

const POLICY: NewPolicy = { text: "{}", change: "put", from: "a test", operating_point: "p1" };

/** A history of so many versions, the latest first. */
function historyOf(count: number): readonly PolicyVersion[] {
  let history: readonly PolicyVersion[] = [];
  for (let after = 0; after < count; after++) {
    ({ history } = appendVersion("a", history, POLICY, after));
  }
  return history;
}

const hashes = {
  "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  "ü": "607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f",
};

for (const [text, hash] of Object.entries(hashes)) {
  Deno.test(`sha256() hashes ${JSON.stringify(text)} as UTF-8`, () => {
    assertEquals(sha256(text), hash);
  });
}

Deno.test("appendVersion() writes down when, from where, how and which operating point", () => {
  const before = new Date().toISOString();
  const { version, history, dropped } = appendVersion("a", [], POLICY, 0);
  const { date, ...rest } = version;
  assertEquals(rest, {
    version: 1,
    change: "put",
    from: "a test",
    operating_point: "p1",
    sha256: sha256("{}"),
  });
  assertMatch(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assertEquals([before, date].toSorted()[0], before);
  assertEquals([history, dropped], [[version], undefined]);
});

Deno.test("appendVersion() names the version that a rollback brought back", () => {
  const policy: NewPolicy = { ...POLICY, change: "rollback", restores: 2 };
  assertEquals(appendVersion("a", historyOf(3), policy, 3).version.restores, 2);
});

Deno.test("appendVersion() keeps the text out of the audit trail", () => {
  assertEquals(Object.hasOwn(appendVersion("a", [], POLICY, 0).version, "text"), false);
});

Deno.test("appendVersion() cuts a long origin, so that the trail stays small", () => {
  const from = "x".repeat(100) + "y".repeat(100);
  const { version } = appendVersion("a", [], { ...POLICY, from }, 0);
  assertEquals(version.from, "x".repeat(100) + "y".repeat(20));
});

Deno.test("appendVersion() leaves the history that it is given as it is", () => {
  const history = Object.freeze(historyOf(2));
  assertEquals(appendVersion("a", history, POLICY, 2).history.slice(1), [...history]);
  assertEquals(history.length, 2);
});

Deno.test("appendVersion() counts on, drops one text for each beyond ten and audits a hundred", () => {
  let history: readonly PolicyVersion[] = [];
  const dropped: (number | undefined)[] = [];
  for (let after = 0; after < AUDITED_VERSIONS + 5; after++) {
    const added = appendVersion("a", history, POLICY, after);
    history = added.history;
    dropped.push(added.dropped);
    assertEquals(history.length, Math.min(after + 1, AUDITED_VERSIONS));
    assertEquals(
      history.slice(0, 2).map(({ version }) => version),
      [after + 1, after].slice(0, after + 1),
    );
  }
  assertEquals(dropped.slice(0, KEPT_VERSIONS), Array(KEPT_VERSIONS).fill(undefined));
  assertEquals(
    dropped.slice(KEPT_VERSIONS),
    Array.from({ length: AUDITED_VERSIONS + 5 - KEPT_VERSIONS }, (_, index) => index + 1),
  );
});

Deno.test("appendVersion() refuses what comes after any version but the latest, and names both", () => {
  const counts = fc.nat({ max: 4 });
  fc.assert(fc.property(counts, fc.integer({ min: -2, max: 6 }), (count, after) => {
    const history = historyOf(count);
    if (after === count) {
      assertEquals(appendVersion("a", history, POLICY, after).version.version, count + 1);
      return;
    }
    const error = assertThrows(
      () => appendVersion("a", history, POLICY, after),
      PolicyConflictError,
      `Cannot store a policy of a after version ${after}: the latest is ${count}`,
    );
    assertEquals(error.version, count);
  }));
});
