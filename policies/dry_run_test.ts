import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { bindPolicy } from "./bind.ts";
import type { PolicyDocument } from "./document.ts";
import { dryRun, type RecordedEvidence } from "./dry_run.ts";
import { compileSelector } from "./selector.ts";
import {
  changed,
  DOCUMENT,
  evidenceOf,
  refusalOf,
  TARGET,
} from "../tests/harness/generators/policies.ts";

/** What nodes answered, as probabilities of three classes. */
function recorded(answers: Record<string, readonly number[]>): RecordedEvidence {
  return evidenceOf(...Object.entries(answers)).logits;
}

function run(document: PolicyDocument, evidence: readonly RecordedEvidence[]) {
  return dryRun(bindPolicy(document, TARGET), evidence);
}

const SURE = [0.85, 0.1, 0.05];
const UNSURE = [0.5, 0.3, 0.2];
const LOST = [0.34, 0.33, 0.33];

const all = (small: readonly number[], medium: readonly number[] = SURE) =>
  recorded({ small, medium, large: SURE });

Deno.test("dryRun() counts the paths of every operating point, in the order of the document", () => {
  const evidence = [all(SURE), all(SURE), all(UNSURE), all(UNSURE, LOST), all(LOST)];
  assertEquals(run(DOCUMENT, evidence), [
    {
      id: "fast",
      paths: { "small": 2, "small>medium": 1, "small>medium>large": 1, "small>large": 1 },
      unknown: 0,
    },
    {
      id: "accurate",
      paths: { "small>medium": 2, "small>large": 3 },
      unknown: 0,
    },
  ]);
});

Deno.test("dryRun() counts inputs that go on to what has not been recorded", () => {
  const evidence = [recorded({ small: SURE }), recorded({ large: SURE }), new Map()];
  const [fast, accurate] = run(DOCUMENT, evidence);
  assertEquals(fast, { id: "fast", paths: { small: 1 }, unknown: 2 });
  assertEquals(accurate, { id: "accurate", paths: {}, unknown: 3 });
});

Deno.test("dryRun() finds nothing where nothing has been recorded", () => {
  assertEquals(run(DOCUMENT, []), [
    { id: "fast", paths: {}, unknown: 0 },
    { id: "accurate", paths: {}, unknown: 0 },
  ]);
});

Deno.test("dryRun() does not need a node whose answer nobody looks at", () => {
  const document = changed((copy) => copy.points.length = 1);
  assertEquals(run({ ...document, active: "fast" }, [recorded({ small: SURE })])[0]?.unknown, 0);
});

/** So large that a sum of two overflows; the schema would refuse them. */
const HUGE = [1.7e308, -1.7e308];

/** A policy with huge weights in the place of those at medium, under a key of medium. */
function huge(key = "medium"): PolicyDocument {
  return changed((copy) => {
    copy.nodes.medium.scores[0].weights = HUGE;
    if (key === "medium") return;
    copy.nodes[key] = copy.nodes.medium;
    delete copy.nodes.medium;
    for (const { nodes } of copy.points) {
      nodes[key] = nodes.medium;
      delete nodes.medium;
    }
  });
}

const refused: [
  name: string,
  document: PolicyDocument,
  evidence: RecordedEvidence,
  pointer: string,
  reason: RegExp,
][] = [
  [
    "a sum that overflows",
    huge(),
    all(UNSURE),
    "/nodes/medium/scores/0",
    /^the score is Infinity at margin 0\.75\d*, small\.entropy [\d.]+, expected a finite number$/,
  ],
  [
    "a sum that overflows on one path",
    huge("small>medium"),
    all(UNSURE),
    "/nodes/small>medium/scores/0",
    /^the score is Infinity at margin/,
  ],
  [
    "a feature that is no number",
    DOCUMENT,
    new Map([["small", Float32Array.of(NaN, NaN, NaN)]]),
    "/nodes/small",
    /^the score is NaN at max_probability NaN, expected a finite number$/,
  ],
];

for (const [name, document, evidence, pointer, reason] of refused) {
  Deno.test(`dryRun() refuses ${name}`, () => {
    const refusal = refusalOf(() => run(document, [all(SURE), evidence]));
    assertEquals([refusal.stage, refusal.pointer], ["dry_run", pointer]);
    assertEquals(reason.test(refusal.reason), true, refusal.reason);
  });
}

Deno.test("dryRun() says nothing of scores that no input comes to", () => {
  const document = changed((copy) => {
    copy.nodes.medium.scores[0].weights = HUGE;
    copy.points[1].nodes.small.thresholds = [0.6, 0.4];
  });
  assertEquals(run(document, [all(SURE)])[1]?.paths, { small: 1 });
});

Deno.test("dryRun() tries points that do not serve as well", () => {
  const document = changed((copy) => {
    copy.nodes.medium.scores[0].weights = HUGE;
    copy.points[0].nodes.small.thresholds = [0.6, 0.4];
    copy.active = "fast";
  });
  assertEquals(refusalOf(() => run(document, [all(SURE)])).stage, "dry_run");
});

const probabilities = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 3, maxLength: 3 })
  .map((parts) => parts.map((part) => part / parts.reduce((sum, value) => sum + value)));

const evidences = fc.record(
  { small: probabilities, medium: probabilities, large: probabilities },
  { requiredKeys: [] },
).map(recorded);

Deno.test("dryRun() goes where requests would go", () => {
  const policy = bindPolicy(DOCUMENT, TARGET);
  /** Where one input ends at a point: its path, or nothing where an answer is missing. */
  const follow = (point: string, answers: RecordedEvidence, path: readonly string[]): string => {
    const logits = new Map(path.map((node) => [node, answers.get(node) as Float32Array]));
    const node = path.at(-1) ?? "start";
    const action = compileSelector(policy, point).decide(node, { path, logits });
    if (action === "exit") return path.join(">");
    return answers.has(action) ? follow(point, answers, [...path, action]) : "unknown";
  };
  fc.assert(fc.property(fc.array(evidences, { maxLength: 12 }), (recorded) => {
    for (const { id, paths, unknown } of dryRun(policy, recorded)) {
      const ends = recorded.map((answers) => follow(id, answers, []));
      const counted = Object.entries({ ...paths, ...(unknown > 0 && { unknown }) });
      const listed = counted.flatMap(([end, count]) => Array<string>(count).fill(end));
      assertEquals(listed.toSorted(), ends.toSorted());
    }
  }));
});
