import { assert, assertEquals } from "@std/assert";
import { likelyClasses } from "./likely_classes.ts";
import { syntheticTrace } from "../../../tests/harness/generators/traces.ts";

Deno.test("likelyClasses() gives all classes where there are few", () => {
  const [first] = likelyClasses(syntheticTrace({ count: 5 }));
  assertEquals(first, Int32Array.from({ length: 10 }, (_, index) => index));
});

Deno.test("likelyClasses() gives the likely ones of every node and the right one", () => {
  const trace = syntheticTrace({ count: 20, classes: 400 });
  likelyClasses(trace).forEach((classes, row) => {
    assert(classes.length >= 32 && classes.length <= 3 * 32 + 1);
    assert(classes.includes(trace.labels![row]!));
    for (const logits of Object.values(trace.logits)) {
      const own = [...logits.subarray(row * 400, (row + 1) * 400)];
      assert(classes.includes(own.indexOf(Math.max(...own))));
    }
  });
});
