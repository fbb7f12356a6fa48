/** Plugins made of real files: what is written is well-formed, serves, and is never overwritten. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parsePolicy } from "../../policies/mod.ts";
import { startTestApp } from "../../tests/harness/app/app.ts";
import { shippedPlugin } from "../../tests/harness/files/plugins.ts";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { makePair } from "./make_pair.ts";
import { readNewPair } from "./read_arguments.ts";
import { warmUp } from "../../tests/harness/app/warm_up.ts";
import { outputOf } from "../../tests/harness/process/run_command.ts";

const shipped = (pair: string, node: string) =>
  new URL(`${node}.onnx`, shippedPlugin(pair)).pathname;
const SMALL = shipped("fashion-mnist", "small");
const LARGE = shipped("fashion-mnist", "large");
const STAGES = ["stage1", "stage2", "stage3"].map((node) => shipped("fashion-mnist-exits", node));

await warmUp();

/** Makes plugins in a folder of their own. */
async function workplace() {
  const folder = await makeFolder();
  const [into, policies] = [new URL("pairs/", folder.url), new URL("policies/", folder.url)];
  for (const made of [into, policies]) await Deno.mkdir(made);
  const make = async (...args: string[]) =>
    makePair(await readNewPair([...args, "--into", into.pathname], { ask: undefined }), policies);
  return { into, policies, make, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

Deno.test("makePair() makes plugins that serve, by their first policy", async () => {
  await using work = await workplace();
  const chained = await work.make("clothes", LARGE, SMALL, "--mean", "0.286", "--std", "0.353");
  const staged = await work.make("stages", ...STAGES.toReversed());
  assertEquals(Object.keys(chained.pair.models), ["small", "large"]);
  assertEquals(Object.keys(staged.pair.models), ["stage1", "stage2", "stage3"]);
  using app = await startTestApp({ workers: 1 }, { plugins: [work.into], policies: work.policies });
  for (const [name, full] of [["clothes", "large"], ["stages", "stage3"]] as const) {
    const { status, reason, policy } = await app.json(`/v1/pairs/${name}`);
    assertEquals([status, policy?.operating_point], ["ready", `always:${full}`], reason);
    assertEquals([policy.name, policy.rejected], [`${name}@1`, undefined]);
  }
});

Deno.test("makePair() writes modules that pass fmt, lint and the type check", async () => {
  await using work = await workplace();
  await work.make("short", SMALL, LARGE);
  await work.make(
    "long",
    ...["--model", `a-dash=${SMALL}`, "--model", `large=${LARGE}`, "--mean", "0.5", "--std", "2"],
    ...["--labels", Array.from({ length: 10 }, (_, index) => `"${index}" isn't \\"all"`).join(",")],
  );
  await work.make("stages", ...STAGES);
  const files = ["short", "long", "stages"].map((name) => {
    return new URL(`${name}/pair.ts`, work.into).pathname;
  });
  await outputOf(Deno.execPath(), [
    "fmt",
    "--check",
    "--no-config",
    "--line-width",
    "100",
    ...files,
  ]);
  await outputOf(Deno.execPath(), [
    "lint",
    "--no-config",
    "--rules-tags=recommended,jsr",
    ...files,
  ]);
  await outputOf(Deno.execPath(), ["check", ...files]);
});

Deno.test("makePair() writes a card of what it knows, and a policy bound to the models", async () => {
  await using work = await workplace();
  const { folder, policy, models } = await work.make("clothes", SMALL, LARGE);
  const card = await Deno.readTextFile(new URL("README.md", folder));
  for (const { name, bytes } of models) {
    assert(
      card.split("\n").some((row) =>
        row.startsWith(`| \`${name}\` | `) && row.includes(` ${bytes} `)
      ),
    );
  }
  const document = parsePolicy(await Deno.readTextFile(policy));
  assertEquals(document.models, Object.fromEntries(models.map((one) => [one.name, one.sha256])));
  assertEquals(document.active, "always:large");
  assertStringIncludes(document.provenance?.method ?? "", "neither learned nor certified");
  assertEquals(await Deno.readFile(new URL("small.onnx", folder)), await Deno.readFile(SMALL));
});

Deno.test("makePair() overwrites nothing", async (t) => {
  await using work = await workplace();
  await t.step("a plugin", async () => {
    await Deno.mkdir(new URL("taken/", work.into));
    await assertRejects(() => work.make("taken", SMALL, LARGE), Error, "is there already");
    assertEquals([...Deno.readDirSync(new URL("taken/", work.into))], []);
  });
  await t.step("a policy", async () => {
    const policy = new URL("known.json", work.policies);
    await Deno.writeTextFile(policy, "mine");
    await assertRejects(
      () => work.make("known", SMALL, LARGE),
      Error,
      "known.json is there already",
    );
    assertEquals(await Deno.readTextFile(policy), "mine");
  });
});

Deno.test("makePair() writes nothing where a model cannot be used, and names it", async () => {
  await using work = await workplace();
  const text = new URL(import.meta.url).pathname;
  for (
    const [file, expected] of [
      [text, `Cannot use --model bad=${text}: it is no ONNX model that can run`],
      ["gone.onnx", "Cannot read --model bad="],
    ] as const
  ) {
    const making = () => work.make("p", SMALL, "--model", `bad=${file}`);
    await assertRejects(making, Error, expected);
  }
  assertEquals([...Deno.readDirSync(work.into), ...Deno.readDirSync(work.policies)], []);
});
