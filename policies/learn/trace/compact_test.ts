import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compact, expand, logSumExpOf } from "./compact.ts";
import { checkCompact } from "./compact_check.ts";
import { judge, logitsAt } from "./loss.ts";
import { seededRandom } from "../stats/random.ts";

const half = (values: Float32Array) => new Float16Array(values);

/** Classes by their logits, the largest first, of equal ones the lower. */
function ranking(logits: Float32Array): number[] {
  return [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b);
}

function softmax(logits: Float32Array): Float64Array {
  const sum = logSumExpOf(logits);
  return Float64Array.from(logits, (logit) => Math.exp(logit - sum));
}

/** One answer, and how many of its logits are kept; many are equal or differ by less than rounding. */
const answers = fc.record({
  logits: fc.array(
    fc.oneof(
      fc.float({ min: -30, max: 30, noNaN: true }),
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: 0, max: 40 }).map((step) => 15 + step / 2000),
    ),
    { minLength: 12, maxLength: 40 },
  ).map((values) => Float32Array.from(values)),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
}).map(({ logits, share }) => ({
  logits,
  k: 10 + Math.floor(share * (logits.length - 10)),
}));

Deno.test("expand() keeps the order of the top and all ranks in it", () => {
  fc.assert(fc.property(answers, ({ logits, k }) => {
    for (const round of [undefined, half]) {
      const kept = compact(logits, logits.length, k, round);
      checkCompact("any", kept, logits.length);
      const whole = expand(kept, logits.length);
      const order = ranking(logits);
      assertEquals(ranking(whole).slice(0, k), order.slice(0, k));
      order.forEach((label, rank) => {
        const judged = judge(whole, label);
        assertEquals(judged.answer, order[0]);
        if (rank < k) assertEquals(judged.rank, rank);
        else assert(judged.rank >= k);
      });
    }
  }));
});

Deno.test("expand() keeps probabilities within the rounding of float16", () => {
  fc.assert(fc.property(answers, ({ logits, k }) => {
    const kept = compact(logits, logits.length, k, half);
    const exact = softmax(logits);
    const whole = softmax(expand(kept, logits.length));
    const outside = new Set(kept.top).symmetricDifference(new Set(logits.keys()));
    const mass = (probabilities: Float64Array) =>
      [...outside].reduce((sum, index) => sum + probabilities[index]!, 0);
    const largest = logits.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0);
    // Half a step in the logit, and as much in the sum.
    const tolerance = 1.1 * 2 ** -10 * largest + 1e-6;
    for (const index of kept.top) {
      assertAlmostEquals(whole[index]! / exact[index]!, 1, tolerance);
    }
    // Those outside tie at the smallest of the top where rounding has moved it below them.
    assertAlmostEquals(mass(whole), mass(exact), tolerance * mass(exact) + 1e-7);
    assertAlmostEquals(whole.reduce((sum, value) => sum + value, 0), 1, 1e-6);
  }));
});

Deno.test("expand() gives back all logits where all are kept", () => {
  fc.assert(fc.property(answers, ({ logits }) => {
    const classes = logits.length;
    assertEquals(expand(compact(logits, classes, classes), classes), logits.map((value) => value));
  }));
});

Deno.test("compact() loses nothing more of what expand() made", () => {
  fc.assert(fc.property(answers, ({ logits, k }) => {
    const classes = logits.length;
    const kept = compact(logits, classes, k, half);
    const again = compact(expand(kept, classes), classes, k, half);
    assertEquals(again.top, kept.top);
    assertEquals([...again.topLogits].map((x) => x + 0), [...kept.topLogits].map((x) => x + 0));
    again.logSumExp.forEach((sum, row) => assertAlmostEquals(sum, kept.logSumExp[row]!, 1e-4));
  }));
});

Deno.test("expand() is finite and keeps ranks for logits at the ends of single precision", () => {
  const ends = fc.float({ noNaN: true, noDefaultInfinity: true });
  const rows = fc.float32Array({
    minLength: 12,
    maxLength: 20,
    noNaN: true,
    noDefaultInfinity: true,
  });
  fc.assert(
    fc.property(fc.oneof(rows, ends.map((end) => new Float32Array(15).fill(end))), (row) => {
      const kept = compact(row, row.length, 10);
      checkCompact("any", kept, row.length);
      const whole = expand(kept, row.length);
      assert(whole.every(Number.isFinite));
      assertEquals(ranking(whole).slice(0, 10), ranking(row).slice(0, 10));
    }),
  );
});

Deno.test("expand() spreads the rest evenly over the classes outside the top", () => {
  const top = Int32Array.from({ length: 10 }, (_, place) => 2 * place);
  const topLogits = Float32Array.from(top, (index) => -index);
  const rest = Math.exp(-19);
  const sum = Math.log(topLogits.reduce((total, logit) => total + Math.exp(logit), 5 * rest));
  const whole = expand({ top, topLogits, logSumExp: Float64Array.of(sum) }, 15);
  for (const index of [1, 3, 5, 7, 9]) assertAlmostEquals(whole[index]!, -19, 1e-5);
});

Deno.test("expand() puts the others 20 below the top where its sum leaves them nothing", () => {
  const top = Int32Array.from({ length: 10 }, (_, place) => place);
  const topLogits = new Float32Array(10).fill(3);
  const logSumExp = Float64Array.of(logSumExpOf(topLogits) - 0.002);
  const whole = expand({ top, topLogits, logSumExp }, 12);
  assertEquals([...whole], [...topLogits, -17, -17]);
});

Deno.test("compact() keeps the log-odds of answers that are sure", () => {
  const random = seededRandom(5);
  for (let run = 0; run < 50; run++) {
    const logits = Float32Array.from({ length: 1000 }, () => random.normal());
    logits[17] = 12 + 8 * random.uniform();
    const oddsOf = (all: Float32Array) => {
      const probabilities = softmax(all);
      const others = probabilities.reduce((sum, p, index) => index === 17 ? sum : sum + p, 0);
      return Math.log(probabilities[17]! / others);
    };
    const whole = expand(compact(logits, 1000, 64, half), 1000);
    assertAlmostEquals(oddsOf(logitsAt(whole, 0, 1000)), oddsOf(logits), 0.01);
  }
});
