/** A plugin's own code and the modules that it imports are bundled for the server and its workers. */
import { assertEquals } from "@std/assert";
import { makeDist, startDist } from "../harness/process/dist_process.ts";
import { makePluginFolder, otherPair } from "../harness/files/plugins.ts";
import { postJson } from "../harness/http/requests.ts";

const { models } = otherPair("models");

Deno.test("a build serves a plugin with code, without the files that it was made of", async () => {
  await using folder = await makePluginFolder({
    coded: `import { chain, definePair } from "sluice";
      import { dark, reversed } from "./helpers.ts";
      const pair = ${JSON.stringify(otherPair("coded", { image: undefined }))};
      export default definePair({
        ...pair,
        models: ${JSON.stringify(models)},
        graph: chain("cheap", "dear"),
        preprocess: (_, { shape }) => dark(shape),
        postprocess: ({ logits }) => reversed(logits!.data),
      });`,
    plain: otherPair("plain"),
  });
  await Deno.writeTextFile(
    new URL("coded/helpers.ts", folder.url),
    `export const dark = (shape: readonly number[]) =>
      new Float32Array(shape.reduce((a, b) => a * b)).fill(-0.286 / 0.353);
    export const reversed = (data: Float32Array) => data.toReversed();`,
  );
  await using dist = await makeDist("--plugins", folder.url.pathname);
  await Deno.remove(new URL("coded", folder.url), { recursive: true });
  await using server = await startDist(dist, { SLUICE_WORKERS: "2" });

  const infer = async (pair: string, value: number): Promise<number[]> => {
    const data = Array<number>(784).fill(value);
    const input = { name: "pixels", datatype: "UINT8", shape: [1, 28, 28, 1], data };
    const url = `${server.address}/v2/models/${pair}/infer`;
    const response = await fetch(url, postJson({ inputs: [input] }));
    assertEquals(response.status, 200);
    return (await response.json()).outputs[0].data;
  };
  const black = (await infer("plain", 0)).toReversed();
  const coded = await infer("coded", 200);
  coded.forEach((logit, label) => {
    assertEquals(logit.toFixed(4), black[label]?.toFixed(4));
  });
});
