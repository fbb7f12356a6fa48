import { ROOT } from "../files/project.ts";

/** How a command ended. */
export interface Ended {
  /** Its exit code. */
  readonly code: number;
  /** What it printed. */
  readonly out: string;
  /** What it printed of errors. */
  readonly error: string;
}

/** Where and with what a command runs. */
export interface CommandOptions {
  /**
   * The working directory.
   *
   * @default this project
   */
  readonly cwd?: URL;
  /** What is put into its environment. */
  readonly env?: Record<string, string>;
}

/** Runs a command, without input, to its end. */
export async function runCommand(
  program: string,
  args: string[],
  { cwd = ROOT, env = {} }: CommandOptions = {},
): Promise<Ended> {
  const command = new Deno.Command(program, { args, cwd, env, stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out ?? "", error: error ?? "" };
}

/**
 * Runs a command that must succeed.
 *
 * @returns What it printed.
 * @throws {Error} If it fails; with what it printed of errors.
 */
export async function outputOf(
  program: string,
  args: string[],
  options?: CommandOptions,
): Promise<string> {
  const { code, out, error } = await runCommand(program, args, options);
  if (code === 0) return out;
  throw new Error(`${program} ${args.join(" ")} ended with code ${code}: ${error}`);
}
