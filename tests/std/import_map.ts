/** Names of modules and where they lie. */
export type Imports = Readonly<Record<string, string>>;

/**
 * The import map of the project with other addresses for some names. Deno takes one map only, so that it
 * must have all names; and that of a file, unlike that of `deno.json`, must list what is inside of a
 * package of npm.
 *
 * @param own The map of `deno.json`.
 * @param others The names that lead elsewhere.
 * @param root URL of the folder of `deno.json`, with a trailing slash.
 * @returns The map, without relative addresses.
 */
export function importMap(own: Imports, others: Imports, root: URL): Imports {
  const entries = Object.entries(own).flatMap(([name, address]) => {
    const absolute = address.startsWith("./") ? new URL(address, root).href : address;
    const inside = [`${name}/`, `${address.replace("npm:", "npm:/")}/`];
    return [[name, absolute], ...(address.startsWith("npm:") ? [inside] : [])];
  });
  return { ...Object.fromEntries(entries), ...others };
}
