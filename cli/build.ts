/**
 * Makes `dist/`: the server with its models, policies and plugins, which needs nothing but Deno.
 *
 * ```
 * deno task build
 * deno task build --plugins examples/imagenet --out dist
 * ```
 *
 * @module
 */

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stop } from "esbuild";
import { folderUrl } from "../registry/mod.ts";
import { buildDist, type BuiltFile } from "./build/dist.ts";
import { startLine } from "./build/start_command.ts";
import { megabytes } from "./shared/format.ts";
import { pluginFolders } from "./shared/plugin_folders.ts";
import { runMain } from "./shared/run_main.ts";
import { withUsage } from "./shared/with_usage.ts";

const USAGE = `Usage: deno task build [options]

  --out <folder>       where to (dist); an earlier build there is replaced
  --plugins <folders>  folders of further plugins, comma-separated (SLUICE_PLUGINS)`;

/** What Deno Deploy takes at most. */
const DEPLOY_BYTES = 1e9;

function readArguments(args: string[]): { out: URL; plugins: readonly URL[] } {
  const options = { out: { type: "string" }, plugins: { type: "string" } } as const;
  const { values } = withUsage(USAGE, () => parseArgs({ args, options }));
  return { out: folderUrl(values.out ?? "dist"), plugins: pluginFolders(values.plugins).folders };
}

/** Says what there is, how large, and what to do next. */
function report(files: readonly BuiltFile[], out: URL): void {
  const folder = relative(Deno.cwd(), fileURLToPath(out)) || ".";
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = files.map(({ path, what, bytes }) => [shorten(path), sizeOf(bytes), what]);
  const [width, digits] = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  for (const [path, size, what] of rows) {
    console.log(`${path?.padEnd(width ?? 0)}  ${size?.padStart(digits ?? 0)}  ${what}`);
  }
  console.log(`\n${folder} has ${sizeOf(total)} in ${files.length} files.`);
  if (total > DEPLOY_BYTES) {
    console.log(`Deno Deploy takes at most ${sizeOf(DEPLOY_BYTES)}: leave plugins out for it.`);
  }
  console.log(`\nNext: ${startLine(folder)}`);
}

/** A hash is known by its beginning. */
function shorten(path: string): string {
  return path.replace(/([0-9a-f]{12})[0-9a-f]{52}/, "$1…");
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : megabytes(bytes);
}

if (import.meta.main) {
  await runMain(async () => {
    try {
      const { out, plugins } = readArguments(Deno.args);
      report(await buildDist({ out, plugins, log: console.error }), out);
    } finally {
      await stop();
    }
  });
}
