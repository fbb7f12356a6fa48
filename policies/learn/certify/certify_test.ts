import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { boundRisk, certify } from "./certify.ts";
import { seededRandom } from "../stats/random.ts";
import { allowedFailures, countBroken } from "../stats/resample.ts";
import type { LossKind } from "../trace/types.ts";

/** Losses of n examples: some 1, as many −1 as asked for, the others 0. */
function losses(n: number, worse: number, better = 0): Float64Array {
  return Float64Array.from({ length: n }, (_, row) => {
    return row < worse ? 1 : row < worse + better ? -1 : 0;
  });
}

const DELTA = 0.05;

Deno.test("certify() certifies up to the first failure and nothing after it", () => {
  const errors = [0, 4, 5, 3, 0].map((count) => losses(1000, count));
  const proofs = certify(errors, "top1", { alphas: [0.01], delta: DELTA, split: "half" });
  assertEquals(proofs.map(({ length }) => length), [1, 1, 0, 0, 0]);
  const { bound, ...rest } = proofs[1]?.[0] ?? {};
  assertEquals(rest, {
    loss: "top1",
    alpha: 0.01,
    delta: DELTA,
    n: 1000,
    risk: 0.004,
    method: "binomial",
    split: "half",
  });
  assertAlmostEquals(bound as number, 0.009130, 1e-6);
});

Deno.test("certify() shares delta among the levels", () => {
  const errors = [4, 10].map((count) => losses(1000, count));
  const proofs = certify(errors, "top1", { alphas: [0.02, 0.01], delta: DELTA });
  // At 0.05 four errors prove 1%; at 0.025 they do not.
  assertEquals(proofs.map((list) => list.map(({ alpha }) => alpha)), [[0.02], [0.02]]);
  assertEquals(proofs[0]?.[0]?.delta, 0.025);
});

Deno.test("certify() bounds signed losses by the exact trinomial", () => {
  const [[proof] = []] = certify([losses(2000, 20, 20)], "signed", {
    alphas: [0.01],
    delta: DELTA,
  });
  assertEquals([proof?.method, proof?.risk], ["trinomial", 0]);
  const clipped = certify([losses(2000, 20)], "top1", { alphas: [0.01], delta: DELTA });
  assertEquals(clipped, [[]]);
});

Deno.test("certify() looks at no setting after the first failure", () => {
  const unseen = Float64Array.of(NaN);
  const proofs = certify([losses(100, 50), unseen, unseen], "top1", {
    alphas: [0.01, 0.02],
    delta: DELTA,
  });
  assertEquals(proofs, [[], [], []]);
});

Deno.test("certify() refuses losses and levels that cannot be", () => {
  const once = (values: number[], kind: LossKind, ...alphas: number[]) => () =>
    certify([Float64Array.from(values)], kind, { alphas, delta: DELTA });
  assertThrows(once([0, -1], "top5", 0.1), RangeError, "loss top5: expected 0 or 1, got -1 at 1");
  assertThrows(once([0.5], "signed5", 0.1), RangeError, "expected -1, 0 or 1, got 0.5 at 0");
  assertThrows(once([], "top1", 0.1), RangeError, "expected one loss or more");
  assertThrows(once([0], "top1"), RangeError, "at least one, got []");
  assertThrows(once([0], "top1", 0.1, 0.1), RangeError, "different levels");
  assertThrows(once([0], "top1", NaN), RangeError, "different levels");
  const uneven = () =>
    certify([losses(400, 0), losses(399, 0)], "top1", { alphas: [0.01], delta: DELTA });
  assertThrows(uneven, RangeError, "got 399 for setting 1 and 400 for the first");
});

/** Where the truth is just beyond what is to be proved, broken promises are most frequent. */
const ALPHA = 0.02;
const DRAWS = 250;
const SIZE = 4000;

/** Settings that err on more and more of 4000 rows: at 2.05% from the third on. */
function population(kind: LossKind): Float64Array[] {
  return [20, 50, 82, 84].map((excess) => {
    return kind === "signed" ? losses(SIZE, excess + 80, 80) : losses(SIZE, excess);
  });
}

function provedAt(kind: LossKind, delta: number) {
  return countBroken(
    population(kind),
    (drawn) => certify(drawn, kind, { alphas: [ALPHA], delta }),
    { n: 600, draws: DRAWS, random: seededRandom(3) },
  );
}

for (const kind of ["top1", "signed"] as const) {
  Deno.test(`certify() keeps its promises over fresh draws: ${kind}`, () => {
    const { promising, broken } = provedAt(kind, DELTA);
    assert(broken <= allowedFailures(DELTA, DRAWS), `broken in ${broken} of ${DRAWS}`);
    // The test has teeth: promises are made, and not so few that none could break.
    assert(
      promising > DRAWS / 2 && broken > DRAWS / 100,
      `${promising} promised, ${broken} broken`,
    );
  });

  Deno.test(`certify() with a broken bound is found out: ${kind}`, () => {
    const { broken } = provedAt(kind, 0.5);
    assert(broken > 3 * allowedFailures(DELTA, DRAWS), `broken in ${broken} of ${DRAWS}`);
  });
}

Deno.test("certify() without the stop at the first failure is found out", () => {
  const random = seededRandom(4);
  const settings = Array.from({ length: 20 }, () => {
    const values = new Float64Array(SIZE);
    for (let left = 82; left > 0;) {
      const row = random.below(SIZE);
      if (values[row] === 1) continue;
      values[row] = 1;
      left--;
    }
    return values;
  });
  const options = { n: 600, draws: DRAWS, random };
  const alphas = [ALPHA];
  const each = countBroken(
    settings,
    (drawn) => drawn.flatMap((one) => certify([one], "top1", { alphas, delta: DELTA })),
    options,
  );
  assert(each.broken > 3 * allowedFailures(DELTA, DRAWS), `broken in ${each.broken}`);
  const inSequence = countBroken(
    settings,
    (drawn) => certify(drawn, "top1", { alphas, delta: DELTA }),
    options,
  );
  assert(inSequence.broken <= allowedFailures(DELTA, DRAWS), `broken in ${inSequence.broken}`);
});

Deno.test("boundRisk() lets gains make up for losses", () => {
  const { bound } = boundRisk(losses(1300, 20, 16), "signed", 0.05);
  assert(bound < 0.012, `${bound}`);
});
