import { assert, assertEquals, assertRejects } from "@std/assert";
import { chain } from "../pair/define_pair.ts";
import { PluginCodeError } from "../base/errors.ts";
import type { Postprocess } from "../pair/plugin_code.ts";
import { withPostprocess } from "./postprocess.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { POSTPROCESSED } from "./walk_plan.ts";
import { tensorOf } from "../../tests/harness/generators/tensors.ts";

const pair = pairOf(chain("a", "b"));

Deno.test("withPostprocess() gives the code one item after the other, and all outputs of it", async () => {
  const seen: unknown[] = [];
  const postprocess: Postprocess = ({ score, box }, { labels }) => {
    seen.push([score?.shape, box?.shape, labels]);
    return Float32Array.of(score!.data[0]!, box!.data[1]!);
  };
  const run = withPostprocess(
    { ...pair, postprocess },
    () => Promise.resolve({ score: tensorOf([2, 1], 1, 2), box: tensorOf([2, 1, 2], 3, 4, 5, 6) }),
  );
  const outputs = await run("a", { x: tensorOf([2, 1], 0, 0) });
  assertEquals(outputs[POSTPROCESSED], tensorOf([2, 2], 1, 4, 2, 6));
  assertEquals(outputs["score"], tensorOf([2, 1], 1, 2));
  assertEquals(seen, Array(2).fill([[1, 1], [1, 1, 2], ["no", "yes"]]));
});

Deno.test("withPostprocess() leaves nodes without code alone", async () => {
  const outputs = { logits: tensorOf([1, 2], 1, 2) };
  const run = withPostprocess(pair, () => Promise.resolve(outputs));
  assert(await run("a", { x: tensorOf([1, 1], 0) }) === outputs);
});

Deno.test("withPostprocess() does not lose the error of the model", async () => {
  const postprocess = () => new Float32Array(2);
  const run = withPostprocess({ ...pair, postprocess }, () => Promise.reject(new Error("no luck")));
  const error = await assertRejects(() => run("a", { x: tensorOf([1, 1], 0) }), Error, "no luck");
  assert(!(error instanceof PluginCodeError));
});
