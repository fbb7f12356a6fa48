/**
 * Lists the models that plugins have on the network and puts those that are missing into `models/`,
 * each under its SHA-256, where the server looks before it asks the network.
 *
 * ```
 * SLUICE_PLUGINS=examples/imagenet deno task models --from /my/networks
 * deno task models --plugins examples/imagenet
 * ```
 *
 * @module
 */

import { parseArgs } from "node:util";
import { folderUrl } from "../registry/mod.ts";
import { MODEL_CACHE, shownSource } from "../registry/models/mod.ts";
import { fillCache, type ModelState } from "./models/fill_cache.ts";
import { wantedModels } from "./models/wanted.ts";
import { startBar } from "./shared/progress.ts";
import { megabytes } from "./shared/format.ts";
import { pluginFolders } from "./shared/plugin_folders.ts";
import { runMain } from "./shared/run_main.ts";
import { readSourceRules } from "./shared/source_rules.ts";
import { withUsage } from "./shared/with_usage.ts";

const USAGE = `Usage: deno task models [options]

  --from <folder>      take the files from a folder, whatever their names (else they are fetched)
  --plugins <folders>  folders of plugins, comma-separated (SLUICE_PLUGINS)`;

interface Arguments {
  readonly from?: URL | undefined;
  readonly plugins: readonly URL[];
}

function readArguments(args: string[]): Arguments {
  const options = { from: { type: "string" }, plugins: { type: "string" } } as const;
  const { values: { from, plugins } } = withUsage(USAGE, () => parseArgs({ args, options }));
  return {
    from: from === undefined ? undefined : folderUrl(from),
    plugins: pluginFolders(plugins).folders,
  };
}

/** Says what there is, what is missing and what to do next. Gives whether all is there. */
function report(states: readonly ModelState[]): boolean {
  for (const { model, state, bytes, reason } of states) {
    const size = bytes === undefined ? "" : `  ${megabytes(bytes)}`;
    console.log(`${state.padEnd(7)}  ${model.sha256}${size}  ${model.users.join(", ")}`);
    console.log(`         ${shownSource(model.url.href)}`);
    if (reason !== undefined) console.log(`         ${reason}`);
  }
  const missing = states.filter(({ state }) => state === "missing").length;
  if (missing > 0) {
    console.log(
      `\n${missing} of ${states.length} models are missing. If you have them as *.onnx files, in ` +
        "whatever folder:\n  deno task models --from <folder>",
    );
  } else {
    console.log("\nNothing is missing; every hash is right.\nNext: deno task start");
  }
  return missing === 0;
}

async function main(args: string[]): Promise<boolean> {
  const { from, plugins } = readArguments(args);
  const wanted = await wantedModels(plugins, console.error);
  if (wanted.length === 0) {
    console.log("No plugin has a model on the network. SLUICE_PLUGINS names further plugins.");
    return true;
  }
  return report(
    await fillCache(wanted, {
      cache: MODEL_CACHE,
      from,
      sources: readSourceRules(),
      progress: startBar,
      log: console.error,
    }),
  );
}

if (import.meta.main) {
  await runMain(() => main(Deno.args));
}
