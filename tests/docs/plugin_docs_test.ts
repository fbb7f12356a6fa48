/** The plugins that README.md and docs/plugins.md show serve, and pass their check. */
import { assert, assertEquals } from "@std/assert";
import { checkPair, findPlugin } from "../../cli/pair_check/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { postImage } from "../harness/http/requests.ts";
import { makePluginFolder } from "../harness/files/plugins.ts";
import { warmUp } from "../harness/app/warm_up.ts";

const ROOT = new URL("../../", import.meta.url);
const DIGITS = new URL("../../examples/digits/", import.meta.url);

await warmUp();

/** The plugin of this name that a page shows. */
async function shownPlugin(page: string, name: string): Promise<string> {
  const blocks = (await Deno.readTextFile(new URL(page, ROOT))).matchAll(/^```ts\n(.*?)^```$/gms);
  const texts = Array.from(blocks, ([, text = ""]) => text);
  const text = texts.find((text) => text.includes(`name: "${name}"`));
  assert(text, `${page} shows no plugin ${name}`);
  return text;
}

Deno.test("the plugin that README.md shows passes its check", async () => {
  await using folder = await makePluginFolder({ digits: await shownPlugin("README.md", "digits") });
  const names = ["tiny", "middle", "big"];
  for (const name of names) {
    const file = `${name}.onnx`;
    await Deno.copyFile(new URL(file, DIGITS), new URL(`digits/${file}`, folder.url));
  }
  const { findings } = await checkPair(await findPlugin("digits", [folder.url]));
  assertEquals(
    findings.map(({ text }) => text.split(":")[0]),
    names.map((name) => `models.${name}.sha256 is missing`),
  );
});

Deno.test("the plugin with code that docs/plugins.md shows serves, and passes its check", async () => {
  await using folder = await makePluginFolder({
    pens: await shownPlugin("docs/plugins.md", "pens"),
  });
  for (const name of ["tiny.onnx", "big.onnx"]) {
    await Deno.copyFile(new URL(name, DIGITS), new URL(`pens/${name}`, folder.url));
  }
  const { findings } = await checkPair(await findPlugin("pens", [folder.url]));
  assertEquals(findings.map(({ text }) => text.split(":")[0]), [
    "models.small.sha256 is missing",
    "models.large.sha256 is missing",
  ]);

  using app = await startTestApp({ workers: 1 }, { plugins: [folder.url] });
  const seven = await Deno.readFile(new URL("seven.png", DIGITS));
  for (const node of ["small", "large"]) {
    const path = `/v1/pairs/pens/classify?policy=always:${node}`;
    const { predictions } = await app.json(path, postImage(seven));
    assertEquals(predictions[0].label, "7");
  }
});
