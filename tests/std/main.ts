/**
 * Runs the tests with the packages of JSR in place of the stand-ins, where JSR can be reached:
 * `deno task test:jsr`, or with the files that are wanted.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { importMap } from "./import_map.ts";

const ROOT = new URL("../../", import.meta.url);
const MAP = new URL("work/jsr_import_map.json", ROOT);
/** A copy, in which the packages of JSR are written down: that of the project stays as it is. */
const LOCK = new URL("work/jsr.lock", ROOT);
const FLAGS = ["--no-check", "--frozen=false", "--doc", "--parallel"];
const RIGHTS = ["--allow-read=.", "--allow-write=.", "--allow-net=127.0.0.1", "--allow-env"];

const readImports = async (path: string) =>
  JSON.parse(await Deno.readTextFile(new URL(path, ROOT))).imports;

const imports = importMap(
  await readImports("deno.json"),
  await readImports("tests/std/jsr.json"),
  ROOT,
);
await Deno.mkdir(new URL(".", MAP), { recursive: true });
await Deno.writeTextFile(MAP, JSON.stringify({ imports }, null, 2));
await Deno.copyFile(new URL("deno.lock", ROOT), LOCK);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    `--import-map=${fileURLToPath(MAP)}`,
    `--lock=${fileURLToPath(LOCK)}`,
    ...FLAGS,
    ...RIGHTS,
    "--allow-run",
    ...Deno.args,
  ],
  cwd: ROOT,
}).spawn().status;
Deno.exit(code);
