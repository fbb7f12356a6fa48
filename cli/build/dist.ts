import { fileURLToPath } from "node:url";
import { discoverPlugins, locations } from "../../registry/mod.ts";
import { WASM_FILES, type WasmName } from "../../registry/base/mod.ts";
import { DOCS_FILES } from "../../routes/service/mod.ts";
import { bundleServer, MANIFEST } from "./bundle.ts";
import { ifThere } from "../shared/if_there.ts";
import { MADE, manifestText } from "./manifest_text.ts";
import { buildPlugins, type BuiltPlugin } from "./plugins.ts";
import { wasmPath } from "./wasm_path.ts";

const ROOT = new URL("../../", import.meta.url);

/** What the page of the API loads. */
const DOCS = Object.keys(DOCS_FILES);

/** Options of {@linkcode buildDist}. */
export interface BuildDistOptions {
  /** Folder of the build, with a trailing slash; an earlier build in it is replaced. */
  readonly out: URL;
  /** Folders of plugins, each with a trailing slash. */
  readonly plugins: readonly URL[];
  /**
   * Folder in which models of the network are kept by their hash, with a trailing slash.
   *
   * @default `models/`
   */
  readonly models?: URL;
  /** Receives one line for everything that is left out. */
  readonly log: (line: string) => void;
}

/** A file of a build. */
export interface BuiltFile {
  /** Path in the folder of the build. */
  readonly path: string;
  /** What it is. */
  readonly what: string;
  /** Its size. */
  readonly bytes: number;
}

/**
 * Makes a folder that needs nothing but Deno to serve: no packages, no network, no other files.
 *
 * @param options See {@linkcode BuildDistOptions}.
 * @returns The files.
 * @throws {Error} If the folder holds something else than a build, or there is no plugin.
 * @throws {AggregateError} If plugins cannot be used or models cannot be had; one error for each.
 */
export async function buildDist(options: BuildDistOptions): Promise<BuiltFile[]> {
  const { out, models = locations.models, log } = options;
  await makeRoom(out);
  const found = await discoverPlugins(options.plugins, log);
  if (found.length === 0) throw new Error("Cannot build: there is no plugin");
  const plugins = await buildPlugins(found, { out, cache: models });
  const wasm = wasmFor(plugins);
  await bundleServer(fileURLToPath(out));
  await Deno.writeTextFile(new URL(MANIFEST, out), manifestText(plugins));
  await Deno.writeTextFile(new URL("deno.json", out), await configText());
  for (const name of wasm) await Deno.copyFile(locations.wasm(name), new URL(wasmPath(name), out));
  for (const name of DOCS) await Deno.copyFile(locations.docs(name), new URL(`docs/${name}`, out));
  const policies = await copyPolicies(plugins, out, log);
  return await listFiles({ plugins, wasm, policies }, out);
}

/** Removes an earlier build, and makes the folders of the new one. */
async function makeRoom(out: URL): Promise<void> {
  await Deno.mkdir(out, { recursive: true });
  const manifest = new URL(MANIFEST, out);
  const names = Array.from(Deno.readDirSync(out), ({ name }) => name);
  const isBuild = names.includes(MANIFEST) && (await Deno.readTextFile(manifest)).startsWith(MADE);
  if (names.length > 0 && !isBuild) {
    throw new Error(
      `Cannot build into ${fileURLToPath(out)}: it holds something else than a build`,
    );
  }
  // From now on, so that a build that is broken off is known for one.
  await Deno.writeTextFile(manifest, MADE);
  for (const name of names.filter((name) => name !== MANIFEST)) {
    await Deno.remove(new URL(encodeURIComponent(name), out), { recursive: true });
  }
  for (const folder of ["docs", "models", "plugins", "policies/live", "wasm"]) {
    await Deno.mkdir(new URL(folder, out), { recursive: true });
  }
}

/**
 * The WebAssembly that a build must have: what every server needs, and what its models ask for.
 *
 * @param plugins The plugins of the build.
 * @returns The names of the files.
 */
export function wasmFor(plugins: readonly Pick<BuiltPlugin, "pair">[]): WasmName[] {
  const models = plugins.flatMap(({ pair }) => Object.values(pair.models));
  const backends = new Set<string | undefined>(models.map(({ backend }) => backend));
  return (Object.keys(WASM_FILES) as WasmName[]).filter((name) => {
    const { backend } = WASM_FILES[name];
    return backend === undefined || backends.has(backend);
  });
}

/** What of the project's settings matters at run time; and nothing is looked for outside. */
async function configText(): Promise<string> {
  const { unstable } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  return JSON.stringify({ nodeModulesDir: "none", lock: false, unstable }, null, 2) + "\n";
}

async function copyPolicies(
  plugins: readonly BuiltPlugin[],
  out: URL,
  log: (line: string) => void,
): Promise<string[]> {
  const copied = [];
  for (const { pair: { name } } of plugins) {
    const from = new URL(`${name}.json`, locations.policies);
    const to = new URL(`policies/live/${name}.json`, out);
    if (await ifThere(Deno.copyFile(from, to).then(() => true))) copied.push(name);
    else log(`policies/live/${name}.json does not exist: ${name} will serve its full model`);
  }
  return copied;
}

interface Parts {
  readonly plugins: readonly BuiltPlugin[];
  readonly wasm: readonly WasmName[];
  readonly policies: readonly string[];
}

async function listFiles({ plugins, wasm, policies }: Parts, out: URL): Promise<BuiltFile[]> {
  const users: Record<string, string[]> = {};
  for (const { pair, models } of plugins) {
    for (const [node, sha256] of Object.entries(models)) {
      (users[sha256] ??= []).push(`${pair.name}/${node}`);
    }
  }
  const files: [path: string, what: string][] = [
    ["main.js", "the server"],
    ["worker.js", "its workers"],
    [MANIFEST, "the list of plugins"],
    ["deno.json", "settings of Deno"],
    ...plugins.map(({ folder, pair }): [string, string] => {
      return [`plugins/${encodeURIComponent(folder)}/pair.js`, `plugin ${pair.name}`];
    }),
    ...policies.map((
      name,
    ): [string, string] => [`policies/live/${name}.json`, `policy of ${name}`]),
    ...DOCS.map((name): [string, string] => [`docs/${name}`, "the page of the API"]),
    ...wasm.map((name): [string, string] => [wasmPath(name), WASM_FILES[name].specifier]),
    ...Object.entries(users).map(([sha256, users]): [string, string] => {
      return [`models/${sha256}.onnx`, users.join(", ")];
    }),
  ];
  return await Promise.all(files.map(async ([path, what]) => {
    const { size: bytes } = await Deno.stat(new URL(path, out));
    return { path, what, bytes };
  }));
}
