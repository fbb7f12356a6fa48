/** The commands that a page of the docs shows, and what runs them. */

/** What runs a block of commands. */
export type Runner =
  /** The tests. */
  | { readonly by: "tests" }
  /** `deno task test:docs` only, because it takes long or needs the network. */
  | { readonly by: "task"; readonly why: string }
  /** A test of its own. */
  | { readonly by: "file"; readonly file: string }
  /** Nothing: it could not be run where the project is tested. The page says so to its readers. */
  | { readonly by: "nothing"; readonly why: string };

/** A fenced block of `sh`. */
export interface Block {
  /** Line of the page at which the commands begin, from 1. */
  readonly line: number;
  /** The commands. */
  readonly commands: string;
  /** What runs them. */
  readonly runner: Runner;
}

const FENCE = /^```sh\n(.*?)^```$/gms;
const MARK = /<!-- (slow|tested by|unverified): (.*?) -->\n+$/;

/**
 * Reads the blocks of a page. A comment right before a block says what runs it: `slow: <why>`,
 * `tested by: <file>` or `unverified: <why>`; without one the tests do.
 *
 * @param markdown The page.
 * @returns Its blocks of `sh`, in order.
 */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(FENCE)].map(({ index, 1: commands = "" }) => {
    const before = markdown.slice(0, index);
    const [, kind, text = ""] = MARK.exec(before) ?? [];
    return { line: before.split("\n").length + 1, commands, runner: runnerOf(kind, text) };
  });
}

function runnerOf(kind: string | undefined, text: string): Runner {
  switch (kind) {
    case "slow":
      return { by: "task", why: text };
    case "tested by":
      return { by: "file", file: text };
    case "unverified":
      return { by: "nothing", why: text };
  }
  return { by: "tests" };
}
