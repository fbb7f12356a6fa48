/** What must hold for every loss. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { LOSS_KINDS, LOSSES, rankIn } from "./losses.ts";

/** An answer among ten classes: all of them, the most probable first. */
const answers = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 10 });
const label = fc.integer({ min: 0, max: 9 });

for (const kind of LOSS_KINDS) {
  const { of, values, top, needsLabels, signed } = LOSSES[kind];

  Deno.test(`LOSSES.${kind} is 0 for the full model's own answer`, () => {
    fc.assert(fc.property(answers, label, (own, right) => {
      assertEquals(of(rankIn(own, right), rankIn(own, right)), 0);
    }));
  });

  Deno.test(`LOSSES.${kind} takes each of its values, and no other`, () => {
    const seen = new Set<number>();
    fc.assert(fc.property(answers, answers, label, (own, full, right) => {
      seen.add(of(rankIn(own, right), rankIn(full, right)));
    }));
    assertEquals([...seen].toSorted((a, b) => a - b), [...values]);
  });

  Deno.test(`LOSSES.${kind} looks at the first ${top} classes only`, () => {
    assert(top <= 5, "no more are remembered of an answer");
    fc.assert(fc.property(answers, answers, label, (own, full, right) => {
      const whole = of(rankIn(own, right), rankIn(full, right));
      const cut = of(rankIn(own.slice(0, top), right), rankIn(full.slice(0, top), right));
      assertEquals(cut, whole);
    }));
  });

  Deno.test(`LOSSES.${kind} ${needsLabels ? "is 0 where neither is right" : "needs no label"}`, () => {
    fc.assert(fc.property(answers, answers, label, (own, full, right) => {
      const unknown = of({ ...rankIn(own, right), rank: Infinity }, {
        ...rankIn(full, right),
        rank: Infinity,
      });
      const known = of(rankIn(own, right), rankIn(full, right));
      assertEquals(unknown, needsLabels ? 0 : known);
    }));
  });

  Deno.test(`LOSSES.${kind} is what LOSSES.${signed} is where that is positive, and never less`, () => {
    assertEquals(LOSSES[signed].signed, signed);
    fc.assert(fc.property(answers, answers, label, (own, full, right) => {
      const loss = of(rankIn(own, right), rankIn(full, right));
      const other = LOSSES[signed].of(rankIn(own, right), rankIn(full, right));
      assert(loss >= other);
      if (other > 0) assertEquals(loss, other);
    }));
  });
}
