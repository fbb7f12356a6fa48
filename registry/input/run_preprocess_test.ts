import { assert, assertRejects } from "@std/assert";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { PluginCodeError } from "../base/errors.ts";
import { chain } from "../pair/define_pair.ts";
import { runPreprocess } from "./run_preprocess.ts";

const pair = pairOf(chain("a", "b"));

Deno.test("runPreprocess() keeps what the code threw", async () => {
  const cause = new RangeError("too small");
  const preprocess = () => {
    throw cause;
  };
  const own = { ...pair, models: { ...pair.models, b: { source: "./b.onnx", preprocess } } };
  const pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  const error = await assertRejects(
    () => runPreprocess(own, "b", preprocess, pixels),
    PluginCodeError,
    "models.b.preprocess: failed for node b of test: too small",
  );
  assert(error.cause === cause);
});
