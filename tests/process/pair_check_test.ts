/** `deno task pair:check` as a process: what it prints of plugins, and how it ends. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makePluginFolder, otherPair } from "../harness/files/plugins.ts";
import { type Ended, runCommand } from "../harness/process/run_command.ts";

const { models } = otherPair("models");

function check(name: string, plugins: string): Promise<Ended> {
  const env = { SLUICE_PLUGINS: plugins, NO_COLOR: "1" };
  return runCommand(Deno.execPath(), ["task", "pair:check", name], { env });
}

/** What is wrong with each plugin: the field, and what to do about it. */
const BROKEN: Readonly<Record<string, { pair: Parameters<typeof otherPair>[1]; says: string[] }>> =
  {
    hash: {
      pair: { models: { ...models, cheap: { ...models["cheap"]!, sha256: "0".repeat(64) } } },
      says: ["models.cheap.sha256: ", "if the file is the right one, put its SHA-256 there"],
    },
    missing: {
      pair: { models: { ...models, dear: { source: "./dear.onnx" } } },
      says: ["models.dear.source: ", "look at the path"],
    },
    labels: {
      pair: { labels: ["yes", "no"] },
      says: ["models.cheap.output: ", "2 labels", "one score for each label"],
    },
    graph: {
      pair: { graph: { cheap: ["deer"], dear: [] } },
      says: ["graph.cheap.0: ", "deer", "every node but the last needs one that may follow"],
    },
    schema: { pair: { labels: ["yes"] }, says: ["labels: expected array to have >=2 items"] },
  };

Deno.test("deno task pair:check tells what a pair is, and what is wrong", async (t) => {
  const broken = Object.entries(BROKEN).map(([name, { pair }]) => [name, otherPair(name, pair)]);
  await using folder = await makePluginFolder({
    ...Object.fromEntries(broken),
    good: otherPair("good"),
    slow: otherPair("slow", {
      models: { dear: models["dear"]!, cheap: models["cheap"]! },
      graph: { dear: ["cheap"], cheap: [] },
    }),
    coded: `const pair = ${JSON.stringify(otherPair("coded", { image: undefined }))};
      export default { ...pair, preprocess() { throw new RangeError("no such colour"); } };`,
    syntax: "export default {",
  });
  const { pathname: plugins } = folder.url;

  await t.step("a pair that can be served, with its nodes and what comes next", async () => {
    const { code, out } = await check("good", plugins);
    assertEquals(code, 0);
    for (const node of ["cheap", "dear"]) {
      assertMatch(out, new RegExp(`"${node}".*"wasm".*\\[.*1,28,28\\].*logits.*"\\d+\\.\\d{3}"`));
    }
    assertStringIncludes(out, "good: 2 nodes load, fit each other and run; 2 warnings");
    assertStringIncludes(out, "Warning: cheap: models.cheap.sha256 is missing");
    assertStringIncludes(out, `Next: SLUICE_PLUGINS=${plugins} deno task trace good`);
  });

  await t.step("nodes that do not go from cheap to expensive", async () => {
    const { code, out } = await check("slow", plugins);
    assertEquals(code, 0);
    assertMatch(out, /Warning: cheap: costs .* less than dear before it .*: put cheap nodes first/);
  });

  for (const [name, { says }] of Object.entries(BROKEN)) {
    await t.step(`a pair that cannot be served: ${name}`, async () => {
      const { code, error } = await check(name, plugins);
      assertEquals(code, 1);
      for (const part of says) assertStringIncludes(error, part);
    });
  }

  await t.step("code that fails, with the line of it", async () => {
    const { code, error } = await check("coded", plugins);
    assertEquals(code, 1);
    assertStringIncludes(error, "preprocess: failed for node cheap of coded: no such colour");
    assertMatch(error, /coded\/pair\.ts:2:\d+/);
  });

  await t.step("a module that cannot be imported", async () => {
    const { code, error } = await check("syntax", plugins);
    assertEquals(code, 1);
    assertStringIncludes(error, "pair.ts: cannot be imported");
  });

  await t.step("a pair that there is not, with those that there are", async () => {
    const { code, error } = await check("none", plugins);
    assertEquals(code, 1);
    assert(/expected one of .*good/.test(error), error);
  });
});
