/** From three ONNX files to a certified policy that serves, with the commands of docs/plugins.md or README.md alone. */
import { assert, assertEquals } from "@std/assert";
import { runPage } from "./run_page.ts";

const PAGE = "docs/plugins.md";

Deno.test("the four commands of README.md make a certified policy as well", async () => {
  const file = "tests/docs/newcomer_test.ts";
  const [printed = ""] = (await runPage("README.md", { slow: false, file })).values();
  assert(/Active: p\d, proved to keep loss ≤ 2%/.test(printed), printed);
});

Deno.test("a newcomer's pair comes from ONNX files to a certified policy by the docs alone", async () => {
  const file = "tests/docs/newcomer_test.ts";
  const printed = [...(await runPage(PAGE, { slow: false, file })).values()];
  const [, made = "", checked = "", traced = "", learned = "", , served = ""] = printed;
  assert(made.includes("From cheap to expensive: tiny → middle → big"), made);
  assert(checked.includes("3 nodes load, fit each other and run"), checked);
  assert(traced.includes("1200 examples, 800 to learn from and 400 for reports"), traced);
  assert(/Active: p\d, proved to keep loss ≤ 2%/.test(learned), learned);
  const [pair, answer] = served.trim().replaceAll("}{", "}\n{").split("\n").map((text) =>
    JSON.parse(text)
  );
  assertEquals([pair.name, pair.status, pair.policy.certified], ["digits", "ready", true]);
  const [certificate] = pair.policy.certificates;
  assertEquals([certificate.loss, certificate.alpha, certificate.n], ["signed", 0.02, 400]);
  assert(/^p\d$/.test(pair.policy.operating_point), pair.policy.operating_point);
  assertEquals(answer.predictions[0].label, "7");
  assertEquals([answer.route.policy, answer.route.path[0]], ["digits@1", "tiny"]);
});
