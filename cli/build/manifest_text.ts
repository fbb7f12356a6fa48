import type { BuiltPlugin } from "./plugins.ts";

/** How the generated list begins; a folder that has it is a build. */
export const MADE = "// Made by deno task build.\n";

/**
 * The list that takes the place of `registry/pair/manifest.ts`. Every path in it is written out, so that
 * `deno compile` finds what is imported; each plugin is imported on its own, so that one that fails
 * does not stop the others.
 *
 * @param plugins The plugins of the build.
 * @returns The text of a module.
 */
export function manifestText(plugins: readonly Omit<BuiltPlugin, "pair">[]): string {
  const entries = plugins.map(({ folder, models }) => {
    const path = JSON.stringify(`./plugins/${encodeURIComponent(folder)}/pair.js`);
    return `  {
    folder: ${JSON.stringify(folder)},
    url: new URL(${path}, import.meta.url),
    models: ${JSON.stringify(models)},
    load: async () => (await import(${path})).default,
  },`;
  });
  return `${MADE}export const manifest = [\n${entries.join("\n")}\n];\n`;
}
