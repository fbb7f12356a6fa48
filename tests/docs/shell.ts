import { fileURLToPath } from "node:url";
import type { Checkout } from "./checkout.ts";

/** A failed call is a failed command, whatever the page leaves out for its readers. */
const PRELUDE = `set -euo pipefail
exec 2>&1
curl() { command curl --fail-with-body -sS "$@"; }
`;

/** One shell, which keeps variables from block to block; ended when disposed of. */
export class Shell implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #ended: Promise<unknown>;
  #output = "";
  #waiting:
    | { readonly mark: string; done(text: string): void; fail(error: Error): void }
    | undefined;
  #count = 0;

  /** Starts a shell in a checkout. */
  constructor(checkout: Checkout) {
    this.#child = new Deno.Command("bash", {
      cwd: fileURLToPath(checkout.url),
      env: { PATH: `${checkout.bin}:${Deno.env.get("PATH")}`, NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#ended = this.#read();
    this.#write(PRELUDE);
  }

  /**
   * Runs commands.
   *
   * @returns What they printed.
   * @throws {Error} If one fails; with what was printed.
   */
  run(commands: string): Promise<string> {
    const mark = `-- ${++this.#count} done --`;
    return new Promise((done, fail) => {
      this.#output = "";
      this.#waiting = { mark, done, fail };
      this.#write(`${commands}\necho "${mark}"\n`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#ended;
    await this.#child.status;
  }

  #write(text: string): void {
    // A shell that has ended is noticed where its output ends.
    this.#input.write(new TextEncoder().encode(text)).catch(() => {});
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#output += chunk;
      const end = this.#waiting ? this.#output.indexOf(this.#waiting.mark) : -1;
      if (end >= 0) this.#waiting?.done(this.#output.slice(0, end));
    }
    this.#waiting?.fail(new Error(`a command failed, its output:\n${this.#output}`));
  }
}
