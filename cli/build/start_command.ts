/**
 * The command that serves a build.
 *
 * @param folder The folder of the build.
 * @returns The words after `deno`.
 */
export function startCommand(folder: string): string[] {
  return [
    "run",
    "--allow-net",
    `--allow-read=${folder}`,
    "--allow-env=PORT,HOST,SLUICE_*,DENO_DEPLOY*",
    `${folder}/main.js`,
  ];
}

/** The same for a shell, in which `*` in a word must be quoted. */
export function startLine(folder: string): string {
  const words = startCommand(folder).map((word) => /[* ]/.test(word) ? `"${word}"` : word);
  return `deno ${words.join(" ")}`;
}
