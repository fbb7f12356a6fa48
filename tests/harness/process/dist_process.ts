import { pathToFileURL } from "node:url";
import { startCommand } from "../../../cli/build/mod.ts";
import { type ServerProcess, startDeno } from "./server_process.ts";
import { outputOf } from "./run_command.ts";

/** A build in a folder outside of the project; gone when disposed of. */
export interface Dist extends AsyncDisposable {
  /** Its parent, which holds nothing else. */
  readonly parent: string;
  /** What `deno task build` printed. */
  readonly printed: string;
}

/**
 * Builds `dist` with `deno task build` out of the project, away from its packages.
 *
 * @param flags Further flags of the task.
 */
export async function makeDist(...flags: string[]): Promise<Dist> {
  const parent = (await outputOf("mktemp", ["-d"])).trim();
  const remove = () => outputOf("rm", ["-rf", parent]);
  try {
    const printed = await outputOf(Deno.execPath(), [
      ...["task", "build", "--out", `${parent}/dist`],
      ...flags,
    ]);
    return { parent, printed, [Symbol.asyncDispose]: async () => void await remove() };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Starts a build on a free port with an empty home, no package cache, no environment but the settings,
 * and no network but this machine's.
 *
 * @param dist The build.
 * @param env The settings.
 * @param command The words after `deno`; those that `deno task build` prints unless given.
 */
export async function startDist(
  { parent }: Pick<Dist, "parent">,
  env: Readonly<Record<string, string>> = {},
  command: readonly string[] = startCommand("dist"),
): Promise<ServerProcess> {
  const [run = "", ...words] = command;
  const flags = words.map((word) => word === "--allow-net" ? "--allow-net=127.0.0.1" : word);
  await outputOf("mkdir", ["-p", `${parent}/home`, `${parent}/state`]);
  return await startDeno([run, "--cached-only", ...flags], {
    cwd: pathToFileURL(`${parent}/`),
    clearEnv: true,
    env: { HOME: `${parent}/home`, DENO_DIR: `${parent}/home/deno`, ...env },
  });
}
