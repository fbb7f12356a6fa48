import { assert, assertEquals } from "@std/assert";
import { chooseFamily } from "./choose.ts";
import { POLICY_CLASSES } from "./policy_classes.ts";
import { seededRandom } from "../stats/random.ts";
import {
  buildTrace,
  randomParts,
  syntheticTrace,
} from "../../../tests/harness/generators/traces.ts";

const TRACE = syntheticTrace({ count: 1000 });
const SHARED = { seed: 1, policyMs: 0.01 };
const [TRAIN, VALIDATION] = randomParts(TRACE, [0.6, 0.4]) as [Int32Array, Int32Array];

Deno.test("chooseFamily() takes the simplest of what labels cannot tell apart", () => {
  const { document, considered } = chooseFamily(TRACE, TRAIN, VALIDATION, {
    ...SHARED,
    kind: "signed",
  });
  const names = considered.map(({ policyClass, combine, targets }) => {
    return `${policyClass} ${combine} ${targets}`;
  });
  assertEquals(
    names,
    POLICY_CLASSES.flatMap((policyClass) =>
      ["last", "learned"].flatMap((combine) => [
        `${policyClass} ${combine} softened`,
        `${policyClass} ${combine} labels`,
      ])
    ),
  );
  const best = considered.toSorted((a, b) => a.labels.score - b.labels.score)[0]!;
  assertEquals([best.labels.behind, best.labels.standardError], [0, 0]);
  const left = considered.filter(({ labels }) => labels.behind <= 2 * labels.standardError);
  const least = Math.min(...left.map(({ softened }) => softened.score));
  const chosen = left.find(({ policyClass, combine, note }) => {
    const own = typeof document.combine === "string" ? document.combine : "learned";
    return document.provenance.method === `learned: ${policyClass}` && combine === own &&
      document.provenance.note?.startsWith(note);
  })!;
  assert(chosen.softened.score <= least + 2 * chosen.softened.standardError);
  // A policy that adapts beats every one that does not.
  assert(best.labels.score < 1);
});

Deno.test("chooseFamily() lets the labels rule out what trusts a full model that is wrong", () => {
  // Where the small model is unsure the large one is sure and mostly wrong.
  const random = seededRandom(3);
  const count = 3000;
  const labels = Int32Array.from({ length: count }, () => random.below(2));
  const logits = { small: new Float32Array(2 * count), large: new Float32Array(2 * count) };
  labels.forEach((label, row) => {
    const hard = random.uniform() < 0.3;
    const small = random.uniform() < (hard ? 0.6 : 0.75) ? label : 1 - label;
    const large = random.uniform() < (hard ? 0.3 : 0.95) ? label : 1 - label;
    logits.small[2 * row + small] = hard ? 0.2 + 0.1 * random.uniform() : 1 + random.uniform();
    logits.large[2 * row + large] = hard ? 5 : 1.5;
  });
  const trace = buildTrace({
    classes: 2,
    labels,
    logits,
    cost: { small: 1, large: 10 },
    successors: { start: ["small"], small: ["large"], large: [] },
  });
  const [train, validation] = randomParts(trace, [0.6, 0.4]) as [Int32Array, Int32Array];
  const { document, considered } = chooseFamily(trace, train, validation, {
    ...SHARED,
    kind: "signed",
    combines: ["last"],
    policyClasses: ["logistic"],
  });
  const [softened, own] = considered;
  assert(softened!.softened.score < own!.softened.score, "trusting itself it looks better");
  assert(softened!.labels.behind > 2 * softened!.labels.standardError, "the labels know better");
  assert(!document.provenance.note!.includes("softened"));
});

Deno.test("chooseFamily() considers only what it is told to", () => {
  const { document, considered } = chooseFamily(TRACE, TRAIN, VALIDATION, {
    ...SHARED,
    kind: "top1",
    policyClasses: ["threshold"],
    combines: ["last"],
    feature: "margin",
  });
  assertEquals(considered.map(({ note }) => note), ["margin", "margin"]);
  assert(document.provenance.note!.startsWith("margin"));
});
