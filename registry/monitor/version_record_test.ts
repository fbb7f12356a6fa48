import { assert, assertEquals } from "@std/assert";
import { changed } from "../../tests/harness/generators/policies.ts";
import type { RoutedItem } from "../walk/walked.ts";
import { VersionRecord } from "./version_record.ts";

const DOCUMENT = changed((copy) => {
  copy.confidence = { node: "small", edges: [0.5, 0.9], counts: [100, 100, 800] };
  const active = copy.points.find(({ id }: { id: string }) => id === copy.active);
  active.disagreement = { delta: 0.05, n: 1000, rate: 0.01, bound: 0.02 };
  active.exits = { small: 700, medium: 200, large: 100 };
});

/** A record of a version that is watched for everything that degraded answers touch. */
function recordOf() {
  return new VersionRecord({
    policy: "test@1",
    document: DOCUMENT,
    operatingPoint: DOCUMENT.active,
    nodes: ["small", "medium", "large"],
    delta: 0.05,
  });
}

/** An item that took a path, and a node that it was answered without. */
function item(path: string[], lost?: string): RoutedItem {
  return {
    path,
    exit: path.at(-1) ?? "",
    logits: Float32Array.of(2, 1),
    confidence: 0.95,
    nodes: [],
    cost: path.length,
    degraded: lost === undefined ? undefined : { node: lost, reason: "it is away" },
  };
}

/** What the report says of items: their share of the full model, and what the drift watch has seen. */
function seen(...items: RoutedItem[]) {
  const record = recordOf();
  record.count(items);
  const { fullShare, drift } = record.report();
  return {
    full: { n: fullShare?.n, missing: fullShare?.missing, rate: fullShare?.rate },
    drift: Object.fromEntries(drift?.histograms.map(({ name, n }) => [name, n]) ?? []),
  };
}

Deno.test("VersionRecord counts the inputs that were answered without a node", () => {
  const record = recordOf();
  assertEquals(record.report().degraded, 0);
  record.count([item(["small"]), item(["small"], "large")]);
  record.count([item(["small", "medium"], "large"), item(["small", "large"])]);
  const { items, degraded, exits, cost } = record.report();
  assertEquals([items, degraded, cost], [4, 2, 6 / 4]);
  // By the node that answered, which is what clients have got.
  assertEquals(exits, { small: 0.5, medium: 0.25, large: 0.25 });
});

Deno.test("VersionRecord counts an input as the full model's that the policy sent there", () => {
  const healthy = seen(item(["small"]), item(["small", "large"]));
  assertEquals(healthy.full, { n: 2, missing: 0, rate: 0.5 });
  assertEquals(seen(item(["small"]), item(["small"], "large")), healthy);
  assertEquals(healthy.drift, { "exits": 2, "confidence of small": 2 });
});

Deno.test("VersionRecord does not know where an input would have gone from another node", () => {
  const { full, drift } = seen(item(["small"]), item(["small"], "medium"));
  assertEquals(full, { n: 1, missing: 1, rate: 0 });
  assertEquals(drift, { "exits": 1, "confidence of small": 2 });
});

Deno.test("VersionRecord learns nothing of the first node from what another answered in its place", () => {
  const { full, drift } = seen(item(["medium"], "small"), item(["large"], "small"));
  assertEquals(full, { n: 0, missing: 2, rate: null });
  assertEquals(drift, { "exits": 0, "confidence of small": 0 });
});

Deno.test("VersionRecord sees no drift because the full model is away", () => {
  const record = recordOf();
  const drifted: string[] = [];
  for (let turn = 0; turn < 3000; turn++) {
    const tenth = turn % 10;
    const path = tenth < 7 ? ["small"] : ["small", "medium"];
    const confidence = tenth < 8 ? 0.95 : tenth < 9 ? 0.7 : 0.3;
    drifted.push(
      ...record.count([{ ...item(path, tenth === 9 ? "large" : undefined), confidence }]),
    );
  }
  assertEquals(drifted, []);
  assertEquals([record.report().degraded, record.hasAlarm("fullShare")], [300, false]);
});

Deno.test("VersionRecord raises the alarm of the full model's share also while that is away", () => {
  const record = recordOf();
  for (let turn = 0; turn < 1000; turn++) {
    record.count([item(["small"], turn % 2 === 0 ? "large" : undefined)]);
  }
  assert(record.hasAlarm("fullShare"));
});

Deno.test("VersionRecord counts a comparison that could not be made as missing", () => {
  const record = recordOf();
  record.compare(undefined);
  record.compare(true);
  const { shadow, disagreement } = record.report();
  assertEquals(shadow, { drawn: 2, skipped: 0, compared: 1, missing: 1 });
  assertEquals([disagreement.n, disagreement.missing, disagreement.rate], [1, 1, 0]);
});
