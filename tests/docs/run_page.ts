import { startTask } from "../harness/process/server_process.ts";
import { makeCheckout } from "./checkout.ts";
import { blocksOf } from "./page.ts";
import { Shell } from "./shell.ts";
import { readText } from "../harness/files/project.ts";

/** A line that starts the server: settings before, nothing behind. */
const START = /^((?:\w+=\S+ +)*)deno task start *(?:#.*)?$/;

/** Where pages say that the server is. */
const ADDRESS = /http:\/\/(?:127\.0\.0\.1|localhost):8000/g;

/** Options of {@linkcode runPage}. */
export interface RunPageOptions {
  /** Whether blocks that are marked `slow` run as well. */
  readonly slow: boolean;
  /**
   * The test that runs them, where only its own blocks are wanted.
   *
   * @default all others
   */
  readonly file?: string;
  /** Is told what runs, for those who watch. */
  readonly onBlock?: (place: string, commands: string) => void;
}

/**
 * Runs the commands of a page as a reader would, in one shell in a fresh checkout. A line that starts
 * the server leaves it running for those that follow; a page that begins with calls of the server finds
 * it running.
 *
 * @param page Path of the page in the project.
 * @param options What to run.
 * @returns What each block printed, by its line.
 * @throws {Error} If a command fails: the page, the line and what was printed.
 */
export async function runPage(
  page: string,
  { slow, file, onBlock }: RunPageOptions,
): Promise<Map<number, string>> {
  const blocks = blocksOf(await readText(page))
    .filter(({ runner }) =>
      file === undefined
        ? runner.by === "tests" || (slow && runner.by === "task")
        : runner.by === "file" && runner.file === file
    );
  const printed = new Map<number, string>();
  if (blocks.length === 0) return printed;
  await using copy = await makeCheckout();
  await using server = new Served(copy.url);
  await using shell = new Shell(copy);
  for (const { line, commands } of blocks) {
    onBlock?.(`${page}:${line}`, commands);
    try {
      let output = "";
      for (const part of partsOf(commands)) {
        if (part.start) await server.start(part.start);
        output += await shell.run(await server.address(part.commands));
      }
      printed.set(line, output);
    } catch (error) {
      throw new Error(`${page}, line ${line}: ${(error as Error).message}`, { cause: error });
    }
  }
  return printed;
}

/** Commands, and the settings with which the server is started before them. */
interface Part {
  readonly start: Readonly<Record<string, string>> | undefined;
  readonly commands: string;
}

function partsOf(commands: string): Part[] {
  const parts: { start: Part["start"]; commands: string }[] = [{ start: undefined, commands: "" }];
  for (const line of commands.replaceAll(/\bnpx -y deno@\S+ /g, "deno ").split("\n")) {
    const [whole, settings = ""] = START.exec(line) ?? [];
    if (whole === undefined) (parts.at(-1) as Part & { commands: string }).commands += `${line}\n`;
    else parts.push({ start: readSettings(settings), commands: "" });
  }
  return parts;
}

function readSettings(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(" ").filter(Boolean).map((word) => {
      const [name = "", ...value] = word.split("=");
      return [name, value.join("=")];
    }),
  );
}

/** The server of a checkout; stopped when disposed of, or when another is started. */
class Served implements AsyncDisposable {
  readonly #root: URL;
  #server: Awaited<ReturnType<typeof startTask>> | undefined;

  constructor(root: URL) {
    this.#root = root;
  }

  async start(settings: Readonly<Record<string, string>>): Promise<void> {
    await this.#server?.stop();
    this.#server = await startTask({ SLUICE_WORKERS: "2", ...settings }, this.#root);
  }

  /** Puts the server's address into commands; starts it where they need it. */
  async address(commands: string): Promise<string> {
    if (!commands.match(ADDRESS)) return commands;
    if (!this.#server) await this.start({});
    return commands.replaceAll(ADDRESS, this.#server?.address ?? "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.stop();
  }
}
