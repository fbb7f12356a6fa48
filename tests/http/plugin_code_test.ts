/** Plugins with code of their own: `preprocess` and `postprocess`. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { postImage, postJson } from "../harness/http/requests.ts";
import { makePluginFolder, shippedPlugin } from "../harness/files/plugins.ts";
import { readSamples } from "../harness/files/samples.ts";

const [sample] = await readSamples();
const image = () => postImage(sample!.png);

const DECLARED = 'image: { channels: 1, resize: "fit", mean: [0.286], std: [0.353] }';

/** What that declares, for images of 28×28. */
const PREPROCESS = `
function preprocess({ data }: Pixels, { shape }: { shape: readonly number[] }) {
  const length = shape.reduce((product, size) => product * size);
  return Float32Array.from({ length }, (_, at) => (data[4 * at]! / 255 - 0.286) / 0.353);
}`;

/** The labels the other way round. */
const POSTPROCESS = `
function postprocess({ logits }: Record<string, Tensor>, { labels }: { labels: readonly string[] }) {
  if (logits!.data.length !== labels.length) throw new Error("not one item");
  return logits!.data.toReversed();
}`;

/** A plugin of two shipped networks with the given members, for the pair and for each model. */
function pluginText(
  name: string,
  members: string,
  { cheap = "", dear = "" }: { readonly cheap?: string; readonly dear?: string } = {},
): string {
  const source = (node: string) => new URL(`${node}.onnx`, shippedPlugin("fashion-mnist")).href;
  return `import { definePair, type Pixels, type Tensor } from "sluice";
${PREPROCESS}${POSTPROCESS}
export default definePair({
  name: "${name}",
  labels: Array.from({ length: 10 }, (_, index) => \`class \${index}\`),
  input: { name: "image", datatype: "FP32", shape: [1, 28, 28] },
  models: {
    cheap: { source: "${source("small")}", ${cheap} },
    dear: { source: "${source("large")}", ${dear} },
  },
  graph: { cheap: ["dear"], dear: [] },
  ${members}
});
`;
}

Deno.test("a plugin's own code stands in the place of its declarations", async (t) => {
  await using folder = await makePluginFolder({
    code: pluginText("code", "preprocess, postprocess"),
    declared: pluginText("declared", DECLARED),
    own: pluginText("own", `preprocess, postprocess: () => new Float32Array(10)`, {
      cheap: "postprocess",
      dear: `${DECLARED}, output: "logits"`,
    }),
  });
  using app = await startTestApp({ workers: 2 }, { plugins: [folder.url] });
  for (const { name, status, reason } of (await app.json("/v1/pairs")).pairs) {
    assertEquals(status, "ready", `${name}: ${reason}`);
  }
  const classify = async (pair: string, init: RequestInit, policy = "always:dear") => {
    const { predictions } = await app.json(`/v1/pairs/${pair}/classify?policy=${policy}`, init);
    return predictions.map(({ label, probability }: Record<string, unknown>) => {
      return [label, probability];
    });
  };
  const other = (predictions: [string, number][]) =>
    predictions.map(([label, probability]) => [`class ${9 - Number(label.at(-1))}`, probability]);

  await t.step("images are prepared by it, and its logits are the answer", async () => {
    assertEquals(await classify("code", image()), other(await classify("declared", image())));
  });

  await t.step("so are raw pixels, and the logits of a batch item by item", async () => {
    const data = Array.from({ length: 2 * 784 }, (_, at) => at * 7 % 256);
    const input = { name: "pixels", datatype: "UINT8", shape: [2, 28, 28, 1], data };
    const infer = async (pair: string): Promise<number[]> => {
      const url = `/v2/models/${pair}/infer`;
      return (await app.json(url, postJson({ inputs: [input] }))).outputs[0].data;
    };
    const [answer, expected] = [await infer("code"), await infer("declared")];
    assertEquals(answer.slice(0, 10), expected.slice(0, 10).toReversed());
    assertEquals(answer.slice(10), expected.slice(10).toReversed());
  });

  await t.step("a tensor is what preprocess would have made", async () => {
    const data = Array.from({ length: 784 }, (_, at) => Math.sin(at));
    const tensor = postJson({ data, shape: [1, 28, 28] });
    assertEquals(await classify("code", tensor), other(await classify("declared", tensor)));
  });

  await t.step("what a model declares goes before the pair's code", async () => {
    const [cheap, dear] = ["always:cheap", "always:dear"];
    assertEquals(
      await classify("own", image(), cheap),
      other(await classify("declared", image(), cheap)),
    );
    assertEquals(await classify("own", image(), dear), await classify("declared", image(), dear));
  });
});

/** Code that fails at a request, and what is said of it. */
const FAILING: Readonly<Record<string, { code: string; detail: string }>> = {
  throws: {
    code: 'preprocess() { throw new Error("no such colour"); }',
    detail: "no such colour",
  },
  rejects: {
    code: 'preprocess: () => Promise.reject("no such colour")',
    detail: "no such colour",
  },
  short: {
    code: "preprocess: () => new Float32Array(5)",
    detail: "it gave Float32Array of 5, expected a Float32Array of 784 for input.shape [1,28,28]",
  },
  infinite: {
    code: "preprocess: () => new Float32Array(784).fill(1 / 0)",
    detail: "it gave Infinity at 0, expected finite numbers",
  },
};

Deno.test("code that fails is named with pair and node, and the worker goes on", async (t) => {
  const plugins = Object.entries(FAILING).map(([name, { code }]) =>
    [name, pluginText(name, code)] as const
  );
  await using folder = await makePluginFolder({
    ...Object.fromEntries(plugins),
    good: pluginText("good", "preprocess"),
  });
  using app = await startTestApp({ workers: 1 }, { plugins: [folder.url] });
  for (const [name, { detail }] of Object.entries(FAILING)) {
    await t.step(name, async () => {
      const response = await app.request(`/v1/pairs/${name}/classify`, image());
      const problem = await response.json();
      assertEquals([response.status, problem.type], [500, "urn:sluice:problem:plugin-failed"]);
      assertEquals(problem.field, "preprocess");
      assertEquals(problem.detail, `preprocess: failed for node dear of ${name}: ${detail}`);
      assertEquals((await app.request("/v1/pairs/good/classify", image())).status, 200);
    });
  }
  assert(!app.log.some((line) => line.startsWith("worker ")), app.log.join("\n"));
});

/** Code that cannot be used at all, and what the reason says. */
const REFUSED: Readonly<Record<string, { code: string; cheap?: string; reason: string }>> = {
  text: { code: 'preprocess: "fit" as never', reason: "preprocess: expected a function" },
  both: {
    code: `preprocess, ${DECLARED}`,
    reason: "preprocess: is given beside image, expected one of them",
  },
  output: {
    code: "preprocess",
    cheap: 'postprocess, output: "logits"',
    reason: "models.cheap.postprocess: is given beside output, expected one of them",
  },
  list: {
    code: "postprocess: () => [1, 2] as never",
    reason: "postprocess: failed for node cheap of list: it gave Array of 2, expected a " +
      "Float32Array of 10 for 10 labels",
  },
  fails: {
    code: "",
    cheap: 'postprocess() { throw new RangeError("no logits"); }',
    reason: "models.cheap.postprocess: failed for node cheap of fails: no logits",
  },
};

Deno.test("code that cannot be used is refused at the start, and the others serve", async (t) => {
  const plugins = Object.entries(REFUSED).map(([name, { code, cheap = "" }]) =>
    [name, pluginText(name, code, { cheap })] as const
  );
  await using folder = await makePluginFolder({
    ...Object.fromEntries(plugins),
    good: pluginText("good", "preprocess"),
  });
  using app = await startTestApp({ workers: 1 }, { plugins: [folder.url] });
  for (const [name, { reason }] of Object.entries(REFUSED)) {
    await t.step(name, async () => {
      const entry = await app.json(`/v1/pairs/${name}`);
      assertEquals(entry.status, "failed");
      assertStringIncludes(entry.reason, reason);
    });
  }
  assertEquals((await app.json("/v1/pairs/good")).status, "ready");
});
