import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { PairSpec } from "../../registry/mod.ts";
import { cachedFile, hashOf } from "../../registry/models/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { postImage, postJson } from "../harness/http/requests.ts";
import { makePluginFolder, otherPair, shippedPlugin } from "../harness/files/plugins.ts";
import { readSamples } from "../harness/files/samples.ts";

const input = { data: Array<number>(784).fill(0), shape: [1, 28, 28] };

Deno.test("a plugin folder that is dropped in is found, loads and serves", async () => {
  await using folder = await makePluginFolder({
    "by-hand": otherPair("by-hand"),
    "with-helpers": `import { chain, definePair } from "sluice";
      const pair = ${JSON.stringify(otherPair("with-helpers"))};
      export default definePair({ ...pair, graph: chain("cheap", "dear") });`,
  });
  using app = await startTestApp({ plugins: [folder.url.pathname] });
  const { pairs } = await app.json("/v1/pairs");
  const names = pairs.map(({ name }: { name: string }) => name);
  assertEquals(names.slice(-2), ["by-hand", "with-helpers"]);
  for (const name of names) {
    const { route } = await app.json(`/v1/pairs/${name}/classify`, postJson(input));
    assert(route.path.length >= 1);
  }
  const { policy } = await app.json("/v1/pairs/by-hand");
  assertEquals(policy, { name: "always:dear", operating_point: null });
});

Deno.test("a policy may choose the first node where the graph says so", async () => {
  await using folder = await makePluginFolder({
    choice: otherPair("choice", { graph: { start: ["cheap", "dear"], cheap: ["dear"], dear: [] } }),
  });
  using app = await startTestApp({}, { plugins: [folder.url] });
  const { graph } = await app.json("/v1/pairs/choice");
  assertEquals(graph.start, ["cheap", "dear"]);
  const { route } = await app.json("/v1/pairs/choice/classify", postJson(input));
  assertEquals(route.path, ["dear"]);
});

const exits = (node: string) => new URL(`${node}.onnx`, shippedPlugin("fashion-mnist-exits")).href;
const { models } = otherPair("models");

/** What is wrong with each plugin, and what the reason must say. */
const broken: Record<string, { pair: string | Partial<PairSpec>; reason: string[] }> = {
  "missing-file": {
    pair: { models: { ...models, dear: { source: "./dear.onnx" } } },
    reason: ["models.dear.source", "./dear.onnx", "does not exist"],
  },
  "wrong-hash": {
    pair: { models: { ...models, cheap: { ...models["cheap"]!, sha256: "0".repeat(64) } } },
    reason: ["models.cheap.sha256", "expected 0000"],
  },
  "not-cached": {
    pair: {
      models: {
        ...models,
        dear: { source: "http://127.0.0.1:1/dear.onnx", sha256: "0".repeat(64) },
      },
    },
    reason: ["models.dear.source", "http://127.0.0.1:1/dear.onnx", "deno task models --from"],
  },
  "other-size": {
    pair: {
      models: {
        ...models,
        dear: {
          ...models["dear"]!,
          image: { channels: 1, resize: "fit", size: [32, 32], mean: [0], std: [1] },
        },
      },
    },
    reason: ["models.dear.inputs", "[1,1,32,32]", "28,28"],
  },
  "no-model": {
    pair: { models: { ...models, dear: { source: new URL(import.meta.url).href } } },
    reason: ["models.dear.source", "cannot load the model"],
  },
  "cycle": {
    pair: { graph: { start: ["cheap"], cheap: ["dear"], dear: ["cheap"] } },
    reason: ["graph.cheap", "cycle cheap → dear → cheap"],
  },
  "unknown-node": {
    pair: { graph: { cheap: ["deer"], dear: [] } },
    reason: ["graph.cheap.0", "deer", "expected one of cheap, dear"],
  },
  "other-shape": {
    pair: { input: { name: "image", datatype: "FP32", shape: [1, 32, 32] } },
    reason: ["models.cheap.inputs", "[1,32,32]".slice(1, -1), "28,28"],
  },
  "other-features": {
    pair: {
      models: {
        first: { source: exits("stage1") },
        second: { source: exits("stage3"), inputs: { features_in: "first.features" } },
      },
      graph: { first: ["second"], second: [] },
    },
    reason: ["models.second.inputs.features_in", "64,14,14", "32,14,14"],
  },
  "unknown-input": {
    pair: { models: { ...models, dear: { ...models["dear"]!, inputs: { picture: "image" } } } },
    reason: ["models.dear.inputs", "image"],
  },
  "other-labels": {
    pair: { labels: ["yes", "no"] },
    reason: ["models.cheap.output", "2 labels", "10"],
  },
  "unknown-member": {
    pair: { lables: [] } as Partial<PairSpec>,
    reason: ["lables"],
  },
  "syntax": { pair: "export default {", reason: ["pair.ts", "cannot be imported"] },
  "nothing": { pair: "export const pair = 1;", reason: ["default export"] },
};

Deno.test("a broken plugin is named with field and reason, and the rest serves", async (t) => {
  const plugins = Object.entries(broken).map(([name, { pair }]) =>
    [name, typeof pair === "string" ? pair : otherPair(name, pair)] as const
  );
  const taken = { "name-taken": otherPair("fashion-mnist") };
  await using folder = await makePluginFolder({ ...Object.fromEntries(plugins), ...taken });
  using app = await startTestApp({ plugins: [folder.url.pathname, "no-such-folder"] });
  const { pairs } = await app.json("/v1/pairs");

  for (const [name, { reason }] of Object.entries(broken)) {
    await t.step(name, async () => {
      const entry = pairs.find((pair: { name: string }) => pair.name === name);
      assertEquals(entry?.status, "failed", JSON.stringify(entry));
      const logged = app.log.find((line) => line.includes(`pair ${name} failed`)) ?? "";
      for (const part of reason) {
        assertStringIncludes(entry.reason, part);
        assertStringIncludes(logged, part);
      }
      const response = await app.request(`/v1/pairs/${name}/classify`, postJson(input));
      const problem = await response.json();
      assertEquals(response.status, 503);
      assertStringIncludes(problem.detail, entry.reason);
    });
  }

  await t.step("a name that is taken", () => {
    const entry = pairs.find((pair: { name: string }) => pair.name === "name-taken");
    assertStringIncludes(entry?.reason ?? "", "name");
  });

  await t.step("a folder that is not there is named in the log", () => {
    assert(app.log.some((line) => line.includes("no-such-folder")), app.log.join("\n"));
  });

  await t.step("the others serve, and the server is ready", async () => {
    for (const name of ["fashion-mnist", "fashion-mnist-exits"]) {
      const { route } = await app.json(`/v1/pairs/${name}/classify`, postJson(input));
      assertEquals(route.policy, `${name}@1`);
    }
    assertEquals((await app.request("/v2/health/ready")).status, 200);
    assertEquals((await app.request("/v2/models/cycle/ready")).status, 503);
    assertEquals((await app.request("/v2/models/cycle/versions/1/ready")).status, 503);
  });

  await t.step("the repository lists them all, and on request those that serve", async () => {
    const index = (body: unknown) => app.json("/v2/repository/index", postJson(body));
    const cycle = (await index({})).find(({ name }: { name: string }) => name === "cycle");
    assertEquals(cycle.state, "UNAVAILABLE");
    assertStringIncludes(cycle.reason, "cycle cheap → dear → cheap");
    const ready = await index({ ready: true });
    const names = ready.map(({ name }: { name: string }) => name);
    assertEquals(names, ["fashion-mnist", "fashion-mnist-exits"]);
  });
});

Deno.test("a policy document that does not fit is refused by name, and the full model serves", async () => {
  await using folder = await makePluginFolder({ "by-hand": otherPair("by-hand") });
  const policies = new URL("policies/", folder.url);
  await Deno.mkdir(policies);
  await Deno.writeTextFile(new URL("by-hand.json", policies), '{"pair": "by-hand"');
  using app = await startTestApp({}, { plugins: [folder.url], policies });
  const { status, policy } = await app.json("/v1/pairs/by-hand");
  assertEquals([status, policy.name], ["ready", "always:dear"]);
  assertStringIncludes(policy.rejected, "parse");
  assert(app.log.some((line) => line.includes(policy.rejected)), app.log.join("\n"));
});

Deno.test("a pair whose models differ in size takes images, and refuses tensors by name", async () => {
  const image = { channels: 1, resize: "stretch", mean: [0.286], std: [0.353] } as const;
  const fixed = otherPair("sizes", {
    input: { name: "image", datatype: "FP32", shape: [1, 56, 56] },
    image: { ...image, size: [28, 28] },
  });
  await using folder = await makePluginFolder({ sizes: fixed });
  using app = await startTestApp({ workers: 1 }, { plugins: [folder.url] });
  const { status, reason } = await app.json("/v1/pairs/sizes");
  assertEquals(status, "ready", reason);

  const [sample] = await readSamples();
  const { route } = await app.json("/v1/pairs/sizes/classify", postImage(sample!.png));
  assertEquals(route.path, ["dear"]);

  const data = Array<number>(3136).fill(0);
  const tensor = { name: "image", datatype: "FP32", shape: [1, 1, 56, 56], data };
  for (
    const [url, body, field] of [
      ["/v1/pairs/sizes/classify", { data, shape: [1, 56, 56] }, "data"],
      ["/v2/models/sizes/infer", { inputs: [tensor] }, "inputs[0].name"],
    ] as const
  ) {
    const response = await app.request(url, postJson(body));
    const problem = await response.json();
    assertEquals([response.status, problem.field], [422, field]);
    assertStringIncludes(problem.detail, "takes images only, because its models differ in size");
  }
});

Deno.test("two pairs of the same files both serve, and go on when one could not load", async () => {
  const broken = otherPair("three", { labels: ["yes", "no"] });
  await using folder = await makePluginFolder({
    one: otherPair("one"),
    three: broken,
    two: otherPair("two"),
  });
  using app = await startTestApp({ workers: 1 }, { plugins: [folder.url] });
  const answers = await Promise.all(["one", "two"].map(async (name) => {
    const { predictions } = await app.json(`/v1/pairs/${name}/classify`, postJson(input));
    return predictions;
  }));
  assertEquals(answers[0].length, 5);
  assertEquals(answers[1], answers[0]);
  assertEquals((await app.json("/v1/pairs/three")).status, "failed");
});

Deno.test("a model of the network serves from the cache; a damaged file is named", async () => {
  const model = await Deno.readFile(new URL("small.onnx", shippedPlugin("fashion-mnist")));
  const sha256 = hashOf(model);
  const remote = { source: "https://models.example/small.onnx", sha256 };
  await using folder = await makePluginFolder({
    cached: otherPair("cached", { models: { cheap: models["cheap"]!, dear: remote } }),
  });
  const cache = new URL("models/", folder.url);
  await Deno.mkdir(cache);
  const start = () => startTestApp({ workers: 1 }, { plugins: [folder.url], models: cache });
  await Deno.writeFile(cachedFile(cache, sha256), model);
  using good = await start();
  assertEquals((await good.json("/v1/pairs/cached")).status, "ready");
  await Deno.writeFile(cachedFile(cache, sha256), model.subarray(1));
  using damaged = await start();
  const { status, reason } = await damaged.json("/v1/pairs/cached");
  assertEquals(status, "failed");
  for (const part of ["models.dear.source", `${sha256}.onnx is damaged`, "deno task models"]) {
    assertStringIncludes(reason, part);
  }
});
