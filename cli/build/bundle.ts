import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions, type Plugin as EsbuildPlugin } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The generated list of plugins, in the folder of a build. */
export const MANIFEST = "plugins.js";

/** CommonJS in the bundle calls it for the modules of Node. */
const REQUIRE = [
  `import { createRequire as nodeRequire } from "node:module";`,
  `const require = nodeRequire(import.meta.url);`,
].join("\n");

const COMMON = {
  bundle: true,
  format: "esm",
  target: "es2024",
  // ES modules first: what bundlers can follow.
  mainFields: ["module", "main"],
  charset: "utf8",
  metafile: true,
  logLevel: "silent",
  define: { "process.env.NODE_ENV": '"production"' },
  // For plugins that lie outside of the project.
  nodePaths: [`${ROOT}node_modules`],
} satisfies BuildOptions;

/** Runs wherever there is no more than Deno, in a worker too. */
const NEUTRAL = {
  ...COMMON,
  platform: "neutral",
  external: ["node:*"],
} satisfies BuildOptions;

/**
 * Bundles the server into `main.js` and its worker into `worker.js`.
 *
 * @param out Folder of the build.
 * @throws {Error} If something cannot be resolved, or would have to be found outside of the build.
 */
export async function bundleServer(out: string): Promise<void> {
  await bundle({
    ...COMMON,
    platform: "node",
    banner: { js: REQUIRE },
    entryPoints: [`${ROOT}main.ts`],
    outfile: `${out}/main.js`,
    plugins: [swaps],
  });
  await bundle({
    ...NEUTRAL,
    entryPoints: [`${ROOT}registry/runtime/worker.ts`],
    outfile: `${out}/worker.js`,
    // ONNX Runtime Web resolves its files against it, and in a worker it is no URL.
    define: { ...COMMON.define, "location.origin": "undefined" },
    plugins: [swaps],
  });
}

/**
 * Bundles a plugin into one file, for the server and for its worker.
 *
 * @param pair The plugin's `pair.ts`.
 * @param outfile The file.
 * @throws {Error} If something cannot be resolved, or would have to be found outside of the build.
 */
export async function bundlePlugin(pair: string, outfile: string): Promise<void> {
  await bundle({ ...NEUTRAL, entryPoints: [pair], outfile, plugins: [usedPartsOfSluice] });
}

/** What is different in a build: where its files lie, and which plugins it has. */
const swaps: EsbuildPlugin = {
  name: "swaps",
  setup({ onResolve }) {
    onResolve({ filter: /\/(locations|manifest)\.ts$/ }, ({ path, resolveDir }) => {
      switch (resolve(resolveDir, path)) {
        case `${ROOT}registry/base/locations.ts`:
          return { path: `${ROOT}cli/build/dist_locations.ts` };
        case `${ROOT}registry/pair/manifest.ts`:
          return { path: `./${MANIFEST}`, external: true, sideEffects: false };
      }
    });
  },
};

/** Of `sluice`, a plugin takes along what it uses and no more. */
const usedPartsOfSluice: EsbuildPlugin = {
  name: "used-parts-of-sluice",
  setup({ onResolve }) {
    onResolve({ filter: /^sluice$/ }, () => {
      return { path: `${ROOT}registry/pair/mod.ts`, sideEffects: false };
    });
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      const isOurs = [`${ROOT}registry/`, `${ROOT}policies/`].some((own) => file.startsWith(own));
      if (isOurs && !file.startsWith(`${ROOT}registry/plugins/`)) {
        return { path: file, sideEffects: false };
      }
    });
  },
};

async function bundle(options: BuildOptions & { metafile: true }): Promise<void> {
  const { metafile } = await build(options);
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
    .filter(({ path, kind }) => kind !== "require-call" && !path.startsWith("node:"))
    .map(({ path }) => path)
    .filter((path) => path !== `./${MANIFEST}`);
  if (outside.length > 0) {
    throw new Error(`Cannot bundle ${options.outfile}: it would import ${outside.join(", ")}`);
  }
}
