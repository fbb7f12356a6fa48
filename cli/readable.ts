/**
 * Prints what a server must be able to read, for `--allow-read`: this folder and those that
 * `SLUICE_PLUGINS` names.
 *
 * @module
 */

const folders = (Deno.env.get("SLUICE_PLUGINS") ?? "").split(",").map((folder) => folder.trim());
console.log([".", ...folders.filter((folder) => folder !== "")].join(","));
