import { assert, assertEquals } from "@std/assert";
import type { LossKind } from "../../policies/mod.ts";
import { changed } from "../../tests/harness/generators/policies.ts";
import type { RoutedItem } from "../walk/walked.ts";
import { VersionRecord } from "./version_record.ts";

const NODES = ["small", "medium", "large"];

/** A version of which it is known how inputs exit: of 1000, 700 at small, 200 at medium, 100 at large. */
function record(): VersionRecord {
  const document = changed((copy) => {
    copy.loss = "signed" satisfies LossKind;
    const active = copy.points.find(({ id }: { id: string }) => id === copy.active);
    active.exits = { small: 700, medium: 200, large: 100 };
    active.disagreement = { bound: 0.05, delta: 0.05, n: 1000, method: "x", split: "calibration" };
  });
  return new VersionRecord({
    policy: "p@1",
    document,
    operatingPoint: document.active,
    nodes: NODES,
    delta: 0.05,
  });
}

function item(exit: string, degraded?: string): RoutedItem {
  return {
    path: NODES.slice(0, NODES.indexOf(exit) + 1),
    exit,
    logits: Float32Array.of(1, 0),
    confidence: 0.9,
    nodes: [],
    cost: 1,
    ...(degraded !== undefined && { degraded: { node: degraded, reason: "down" } }),
  };
}

/** Counts inputs as the policy sends them, with the given node away. */
function serve(version: VersionRecord, away: string | undefined, n: number): void {
  for (let index = 0; index < n; index++) {
    const tenth = index % 10;
    const chosen = tenth < 7 ? "small" : tenth < 9 ? "medium" : "large";
    const before = NODES[NODES.indexOf(chosen) - 1] ?? chosen;
    version.count([chosen === away ? item(before, chosen) : item(chosen)]);
  }
}

Deno.test("VersionRecord counts degraded answers apart, and as exits where they were answered", () => {
  const version = record();
  serve(version, "large", 1000);
  const { items, degraded, exits } = version.report();
  assertEquals([items, degraded, exits], [1000, 100, { small: 0.7, medium: 0.3 }]);
});

Deno.test("VersionRecord sees no drift in a policy whose full model is away", () => {
  const version = record();
  serve(version, "large", 5000);
  const { fullShare, drift } = version.report();
  assertEquals([fullShare?.rate, fullShare?.missing], [0.1, 0]);
  assert(drift);
  assertEquals(drift.drifted, false);
});

Deno.test("VersionRecord does not know where those would have exited whose node in between is away", () => {
  const version = record();
  serve(version, "medium", 1000);
  const { fullShare } = version.report();
  // Of 800 that are known, 100; 200 are not known, which widens the interval on both sides.
  assertEquals([fullShare?.n, fullShare?.rate, fullShare?.missing], [800, 0.125, 200]);
});

Deno.test("VersionRecord raises no alarm because those are missing that the policy sends on", () => {
  const [version, blind] = [record(), record()];
  // Half are sent on and missing. Of the others 8% differ, which are 4% of all; 5% is certified.
  for (let index = 0; index < 10_000; index++) {
    if (index % 10 < 5) version.compare(undefined);
    else for (const each of [version, blind]) each.compare(![7, 19].includes(index % 50));
  }
  assertEquals(version.report().shadow.missing, 5000);
  assertEquals([version, blind].map((each) => each.hasAlarm("disagreement")), [false, true]);
});
