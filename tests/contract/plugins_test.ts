/** What must hold for every plugin, and what for those that ship with the project. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { discoverPlugins, parsePair } from "../../registry/mod.ts";
import { decodeImage, preprocess } from "../../registry/input/image/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { postJson } from "../harness/http/requests.ts";
import { readSamples } from "../harness/files/samples.ts";
import { readLivePolicy } from "../harness/files/live_policies.ts";

const folder = new URL("../../registry/plugins/", import.meta.url);
const plugins = await discoverPlugins([folder], (line) => assert(false, line));
const pairs = await Promise.all(plugins.map(async (plugin) => ({
  plugin,
  spec: parsePair(await plugin.load()),
})));

const SHIPPED = ["fashion-mnist", "fashion-mnist-exits"];

Deno.test("plugins ship with the project", () => {
  const folders = plugins.map((plugin) => plugin.folder);
  assertEquals(folders.filter((folder) => SHIPPED.includes(folder)), SHIPPED);
});

for (const { plugin, spec } of pairs.filter(({ plugin }) => SHIPPED.includes(plugin.folder))) {
  Deno.test(`${plugin.folder} is fit to ship`, async (t) => {
    await t.step("is named like its folder and pins every model by hash", () => {
      assertEquals(spec.name, plugin.folder);
      for (const [node, model] of Object.entries(spec.models)) assert(model.sha256, node);
    });

    await t.step("has files of at most 10 MB and a model card", async () => {
      for (const { source } of Object.values(spec.models)) {
        const { size } = await Deno.stat(new URL(source, plugin.url));
        assert(size <= 10_000_000, `${source} has ${size} bytes`);
      }
      const card = await Deno.readTextFile(new URL("README.md", plugin.url));
      for (const node of Object.keys(spec.models)) assert(card.includes(node), node);
    });

    await t.step("has a live policy that binds", async () => {
      using app = await startTestApp({ workers: 1 });
      const { policy } = await app.json(`/v1/pairs/${spec.name}`);
      const { active, certified, points, measured } = await readLivePolicy(spec.name);
      const { expected, certificates, cost_bound, disagreement } = points.find(({ id }) => {
        return id === active;
      }) ?? {};
      assertEquals(policy, {
        name: `${spec.name}@1`,
        operating_point: active,
        certified,
        operating_points: points.map(({ id }) => id),
        expected,
        certificates,
        cost_bound,
        disagreement,
        measured,
      });
    });

    await t.step("prepares the samples as training did", async () => {
      const { image } = spec;
      assert(image);
      for (const { name, png, pixels } of await readSamples()) {
        const decoded = await decodeImage(png, { maxPixels: 784 });
        const input = await preprocess(decoded, image, { height: 28, width: 28 });
        pixels.forEach((pixel, index) => {
          const seen = (input[index] ?? NaN) * 0.353 + 0.286;
          assertAlmostEquals(seen, pixel / 255, 1 / 255, `${name}, pixel ${index}`);
        });
      }
    });
  });
}

for (const { plugin, spec } of pairs) {
  Deno.test(`${plugin.folder} keeps the plugin contract`, async (t) => {
    await t.step("serves at every node, one item and many", async () => {
      using app = await startTestApp({ workers: 1 });
      const { status, reason, models } = await app.json(`/v1/pairs/${spec.name}`);
      assertEquals(status, "ready", reason);
      const { name, datatype, shape } = spec.input;
      for (const node of Object.keys(models)) {
        assert(models[node].cost > 0);
        for (const count of [1, 3]) {
          const data = Array(count * shape.reduce((a, b) => a * b, 1)).fill(0.5);
          const body = {
            inputs: [{ name, datatype, shape: [count, ...shape], data }],
            parameters: { policy: `always:${node}` },
          };
          const answer = await app.json(`/v2/models/${spec.name}/infer`, postJson(body));
          assertEquals(answer.outputs[0].shape, [count, spec.labels.length]);
          assert(answer.outputs[0].data.every(Number.isFinite));
        }
      }
    });
  });
}
