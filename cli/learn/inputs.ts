import { pathToFileURL } from "node:url";
import { decodeTrace, policyMsOf, type Trace } from "../../policies/learn/mod.ts";
import { parseMilliseconds, show } from "../../policies/mod.ts";
import { ifThere } from "../shared/if_there.ts";
import { sha256 } from "../shared/sha256.ts";
import { parseWholeNumber } from "../shared/whole_number.ts";

/** A trace and the hash of its file. */
export interface TraceFile {
  /** The trace. */
  readonly trace: Trace;
  /** SHA-256 of the file, in hex. */
  readonly hash: string;
  /** What the file is called. */
  readonly source: string;
}

/**
 * Reads the trace of a pair.
 *
 * @param root The folder with `traces/`, with a trailing slash.
 * @param pair Name of the pair.
 * @param path Another file, from the working directory.
 * @returns The trace.
 * @throws {TraceError} If the file is not a trace.
 * @throws {Error} If there is no such file, or it is of another pair.
 */
export async function readTrace(root: URL, pair: string, path?: string): Promise<TraceFile> {
  const source = path ?? `traces/${pair}.npz`;
  const file = path === undefined ? new URL(source, root) : pathToFileURL(path);
  const bytes = await ifThere(Deno.readFile(file));
  if (!bytes) {
    throw new Error(
      `Cannot read ${source}: there is no such file; \`deno task trace ${pair} --data <folder>\` ` +
        "makes one",
    );
  }
  const trace = decodeTrace(bytes, source);
  if (trace.pair !== pair) {
    throw new Error(`Cannot use ${source}: it is a trace of ${show(trace.pair)}, expected ${pair}`);
  }
  return { trace, hash: sha256(bytes), source };
}

/**
 * Names of the classes, if the pair's plugin is there.
 *
 * @param root The folder with `registry/plugins/`, with a trailing slash.
 * @param trace The trace.
 * @returns The names; nothing if there is no such plugin or it has not as many.
 */
export async function readLabels(root: URL, trace: Trace): Promise<readonly string[] | undefined> {
  const file = new URL(`registry/plugins/${trace.pair}/pair.ts`, root);
  try {
    const { default: pair } = await import(file.href);
    const { labels } = pair;
    return Array.isArray(labels) && labels.length === trace.classes ? labels : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the name of a pair, which becomes part of file names.
 *
 * @param positionals The arguments that are not options.
 * @param usage What to say otherwise.
 * @returns The name.
 * @throws {Error} If there is not exactly one, or it is not a name.
 */
export function pairName(positionals: readonly string[], usage: string): string {
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new Error(usage);
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return name;
  throw new Error(`Cannot use pair ${show(name)}: expected lower-case letters, digits and -`);
}

/**
 * Reads an integer.
 *
 * @param name What it is, for errors, such as `--seed`.
 * @param text The text.
 * @returns The integer, from 0 to 2³¹ − 1.
 * @throws {RangeError} If it is not one.
 */
export function parseSeed(name: string, text: string): number {
  return parseWholeNumber(name, text, 0, 2 ** 31 - 1);
}

/**
 * Reads what a decision is counted as. This is where learning gets it from: nothing below has a
 * default of its own.
 *
 * @param text The value of `--policy-ms`, if given.
 * @param trace The trace, for what is counted otherwise.
 * @returns Milliseconds.
 * @throws {RangeError} If the text is not a time.
 */
export function readPolicyMs(text: string | undefined, trace: Trace): number {
  return text === undefined ? policyMsOf(trace) : parseMilliseconds("--policy-ms", text);
}
