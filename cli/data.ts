/**
 * Fetches the Fashion-MNIST data set into `data/fashion-mnist/`, or takes it from a folder.
 *
 * ```
 * deno task data
 * deno task data --from /usr/share/dataset-fashion-mnist
 * ```
 *
 * @module
 */

import { parseArgs } from "node:util";
import { newBar } from "./shared/progress.ts";
import { readBody } from "./shared/read_body.ts";
import { runMain } from "./shared/run_main.ts";
import { sha256 } from "./shared/sha256.ts";
import { unzip } from "./shared/unzip.ts";

const HOME = "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/";
const FOLDER = new URL("../data/fashion-mnist/", import.meta.url);

/** SHA-256 of the unpacked files: packages of the data set differ in how they are compressed. */
const CONTENT: Readonly<Record<string, string>> = {
  "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
  "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
  "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
};

/**
 * Unpacks a gzipped file and checks its content.
 *
 * @param name Name of the IDX file, without `.gz`.
 * @param packed The gzipped bytes.
 * @throws {Error} If the bytes are not gzip or their content is not that of the data set.
 */
async function checkContent(name: string, packed: Uint8Array<ArrayBuffer>): Promise<void> {
  let content: Uint8Array;
  try {
    content = await unzip(packed);
  } catch (error) {
    throw new Error(`Cannot use ${name}.gz: it is not gzip (${(error as Error).message})`);
  }
  const hash = sha256(content);
  if (hash !== CONTENT[name]) {
    throw new Error(
      `Cannot use ${name}.gz: its content has SHA-256 ${hash}, expected ${CONTENT[name]}`,
    );
  }
}

async function download(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok || !response.body) {
    throw new Error(`Cannot fetch ${url}: status ${response.status}`);
  }
  const bar = newBar({ format: "  {bar} {percentage}% | {value}/{total} bytes | {eta} s left" });
  bar.start(Number(response.headers.get("content-length") ?? 0), 0);
  try {
    return await readBody(response.body, (done) => bar.update(done));
  } finally {
    bar.stop();
  }
}

async function fetchData(from: string | undefined): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  for (const name of Object.keys(CONTENT)) {
    const file = `${name}.gz`;
    const source = from === undefined ? HOME + file : `${from}/${file}`;
    console.log(source);
    const packed = from === undefined ? await download(source) : await Deno.readFile(source);
    await checkContent(name, packed);
    await Deno.writeFile(new URL(file, FOLDER), packed);
  }
  console.log(`\n${FOLDER.pathname} holds the data set; every hash is right.`);
  console.log("Next: registry/plugins/fashion-mnist/README.md says how the networks are trained.");
}

if (import.meta.main) {
  await runMain(async () => {
    const { values } = parseArgs({ args: Deno.args, options: { from: { type: "string" } } });
    await fetchData(values.from);
  });
}
