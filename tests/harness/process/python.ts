import { fileURLToPath } from "node:url";

const WORK = new URL("../../../work/", import.meta.url);

/** How a command is run. */
export interface CommandOptions {
  /** What becomes of its output; errors are shown in any case. */
  readonly stdout?: "inherit" | "null";
  /** Where it runs. */
  readonly cwd?: URL;
  /** What is put into its environment. */
  readonly env?: Record<string, string>;
}

/** Runs a command; gives whether it succeeded. */
export async function succeeds(
  command: string,
  args: string[],
  { stdout = "inherit", ...options }: CommandOptions = {},
): Promise<boolean> {
  try {
    const all = { args, stdout, stderr: "inherit", ...options } as const;
    return (await new Deno.Command(command, all).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Makes a virtual environment of Python in `work/`. Ends the process well, and says so, where there is
 * no Python or its packages cannot be had: CI may be such a place.
 *
 * @param name Name of its folder.
 * @param requirements What is to be in it.
 * @returns Path of a program in it, such as `python`.
 */
export async function pythonEnvironment(
  name: string,
  requirements: URL,
): Promise<(program: string) => string> {
  const folder = fileURLToPath(new URL(`${name}/`, WORK));
  const program = (name: string) => `${folder}bin/${name}`;
  if (!await succeeds("python3", ["-m", "venv", folder], { stdout: "null" })) {
    skip("there is no python3 that can make a virtual environment");
  }
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  const listed = ["--requirement", fileURLToPath(requirements)];
  if (!await succeeds(program("python"), [...install, ...listed])) {
    skip("Python's packages cannot be installed, see above");
  }
  return program;
}

function skip(reason: string): never {
  console.log(`skipped: ${reason}`);
  Deno.exit(0);
}
