import { type BackendName, discoverPlugins, type PairSpec } from "../../../registry/mod.ts";
import { type Folder, makeFolder } from "./folders.ts";
import { ROOT } from "./project.ts";

/** The folder of a plugin that ships with the project, with a trailing slash. */
export function shippedPlugin(name: string): URL {
  return new URL(`registry/plugins/${name}/`, ROOT);
}

/** A pair of the shipped networks under another name, as a user could write it. */
export function otherPair(name: string, change: Partial<PairSpec> = {}): PairSpec {
  const source = (node: string) => new URL(`${node}.onnx`, shippedPlugin("fashion-mnist")).href;
  return {
    name,
    labels: Array.from({ length: 10 }, (_, index) => `class ${index}`),
    input: { name: "image", datatype: "FP32", shape: [1, 28, 28] },
    image: { channels: 1, resize: "fit", mean: [0.286], std: [0.353] },
    models: { cheap: { source: source("small") }, dear: { source: source("large") } },
    graph: { cheap: ["dear"], dear: [] },
    ...change,
  };
}

/** A pair that ships with the project, its models where they are, each on the backend that is chosen. */
export async function readShippedPair(
  name: string,
  backend: (node: string) => BackendName,
): Promise<PairSpec> {
  const folder = shippedPlugin(name);
  const plugins = await discoverPlugins([new URL("../", folder)], () => {});
  const plugin = plugins.find(({ url }) => url.href.startsWith(folder.href));
  const pair = await plugin?.load() as PairSpec;
  const models = Object.entries(pair.models).map(([node, model]) => {
    const source = new URL(model.source, folder).href;
    return [node, { ...model, source, backend: backend(node) }];
  });
  return { ...pair, models: Object.fromEntries(models) };
}

/** A temporary folder of plugins, each a `pair.ts` with the given text. */
export async function makePluginFolder(
  plugins: Readonly<Record<string, string | PairSpec>>,
): Promise<Folder> {
  const files = Object.entries(plugins).map(([name, content]) => {
    const isText = typeof content === "string";
    return [`${name}/pair.ts`, isText ? content : `export default ${JSON.stringify(content)};`];
  });
  return await makeFolder(Object.fromEntries(files));
}
