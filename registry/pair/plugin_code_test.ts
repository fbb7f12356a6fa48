import { assertEquals } from "@std/assert";
import { chain } from "./define_pair.ts";
import type { PairSpec } from "./pair_spec.ts";
import { hasCode, postprocessOf, preparationOf, withCodeOf } from "./plugin_code.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

const plain = pairOf(chain("a", "b"));
const preprocess = () => new Float32Array(4);
const postprocess = () => new Float32Array(2);
const image = { channels: 1, resize: "fit", mean: [0], std: [1] } as const;

Deno.test("withCodeOf() makes a pair that can be sent, and gives it its functions again", () => {
  const b = { source: "./b.onnx", preprocess };
  const pair: PairSpec = { ...plain, postprocess, models: { ...plain.models, b } };
  assertEquals([hasCode(plain), hasCode(pair), hasCode({ ...plain, postprocess })], [
    false,
    true,
    true,
  ]);
  const sent = structuredClone(withCodeOf(pair));
  assertEquals(hasCode(sent), false);
  const back = withCodeOf(sent, pair);
  assertEquals([back.preprocess, back.postprocess], [undefined, postprocess]);
  assertEquals(back.models["b"]?.preprocess, preprocess);
  assertEquals(back.models["a"]?.source, "./a.onnx");
});

Deno.test("preparationOf() is the model's own, be it code or not, else the pair's", () => {
  const models = { a: { image }, b: { preprocess }, c: {} };
  const of = (pair: Parameters<typeof preparationOf>[0]) =>
    ["a", "b", "c"].map((node) => {
      const { image, preprocess } = preparationOf(pair, node);
      return [image, preprocess];
    });
  const other = () => new Float32Array(1);
  assertEquals(of({ models, preprocess: other }), [
    [image, undefined],
    [undefined, preprocess],
    [undefined, other],
  ]);
  assertEquals(of({ models }).at(-1), [undefined, undefined]);
});

Deno.test("postprocessOf() is the model's own, else the pair's, unless the model names an output", () => {
  const other = () => new Float32Array(1);
  const models = { a: { postprocess }, b: {}, c: { output: "logits" } };
  const of = (node: string) => postprocessOf({ models, postprocess: other }, node);
  assertEquals([of("a"), of("b"), of("c")], [postprocess, other, undefined]);
});
