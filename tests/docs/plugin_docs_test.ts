/** The plugin with code that docs/plugins.md shows serves, and passes its check. */
import { assertEquals } from "@std/assert";
import { checkPair } from "../../cli/pair_check/check_pair.ts";
import { findPlugin } from "../../cli/pair_check/find_plugin.ts";
import { startTestApp } from "../harness/app/app.ts";
import { postImage } from "../harness/app/requests.ts";
import { makePluginFolder } from "../harness/files/plugins.ts";
import { warmUp } from "../harness/app/warm_up.ts";

const PAGE = new URL("../../docs/plugins.md", import.meta.url);
const DIGITS = new URL("../../examples/digits/", import.meta.url);

await warmUp();

Deno.test("the plugin with code that docs/plugins.md shows serves, and passes its check", async () => {
  const [, text = ""] = /^```ts\n(.*?)^```$/ms.exec(await Deno.readTextFile(PAGE)) ?? [];
  await using folder = await makePluginFolder({ pens: text });
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
