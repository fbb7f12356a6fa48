import { assertEquals, assertRejects } from "@std/assert";
import { chain, type PairSpec, PluginCodeError, type Preprocess } from "../../registry/mod.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { checkCode } from "./check_code.ts";

const good: Preprocess = ({ data }) => Float32Array.from(data.slice(0, 4));

const findings = async (pair: PairSpec) =>
  (await checkCode(pair)).map(({ node, text }) => [node, text.split(":")[0]]);

const withCode = (preprocess: Preprocess): PairSpec => ({ ...pairOf(chain("a", "b")), preprocess });

Deno.test("checkCode() finds nothing in code that does as it should, or where there is none", async () => {
  assertEquals(await findings(withCode(good)), []);
  assertEquals(await findings(pairOf(chain("a", "b"))), []);
});

Deno.test("checkCode() finds chance, and says it once", async () => {
  let calls = 0;
  assertEquals(await findings(withCode(() => new Float32Array(4).fill(++calls))), [
    ["a", "preprocess makes another input of the same image each time"],
  ]);
});

Deno.test("checkCode() finds code that changes the image", async () => {
  const pair = withCode((pixels) => {
    pixels.data.fill(0);
    return new Float32Array(4);
  });
  assertEquals(await findings(pair), [
    ["a", "preprocess changes the image, which other nodes read too"],
  ]);
});

Deno.test("checkCode() fails with the code of any model", async () => {
  const pair = withCode(good);
  const b = { source: "./b.onnx", preprocess: () => new Float32Array(1) };
  const error = await assertRejects(
    () => checkCode({ ...pair, models: { ...pair.models, b } }),
    PluginCodeError,
  );
  assertEquals(error.field, "models.b.preprocess");
});
