import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { PairWishes } from "./infer_pair.ts";
import { type NamedFile, nameFiles, readModelFlag } from "./model_files.ts";
import { withUsage } from "../shared/with_usage.ts";

const OWN_PLUGINS = fileURLToPath(new URL("../../registry/plugins", import.meta.url));

const USAGE = `Usage: deno task pair:new <name> <model.onnx> <model.onnx> … [options]

  <name>                lower-case letters, digits and hyphens
  <model.onnx>          an ONNX file, or a folder of them, whose nodes are named like the files; two
                        models or more, in any order
  --model <node>=<file> an ONNX file whose node has another name
  --labels <labels>     the class names: a file with one a line, or a list with commas
  --size <h>x<w>        height and width of images, for models that take any size
  --mean <numbers>      images: what is subtracted from pixel / 255; one number, or one per channel
  --std <numbers>       images: what the difference is divided by
  --into <folder>       where the plugin's folder is made (registry/plugins)`;

const LABELS = "Labels, a list with commas or a file, empty for class_0, class_1, …:";

/** What a new pair is to be. */
export interface NewPairArguments extends PairWishes {
  /** The ONNX files by node. */
  readonly models: readonly NamedFile[];
  /** Folder of plugins. */
  readonly into: string;
}

/** Where missing answers come from. */
export interface ReadOptions {
  /** Asks the user; undefined where nobody can answer. */
  readonly ask: ((question: string) => string | null) | undefined;
}

/**
 * Reads the arguments of `pair:new`; asks for what is missing, where somebody can answer.
 *
 * @param args The arguments.
 * @param options Who can be asked.
 * @returns What is wanted.
 * @throws {Error} If something is missing or not understood; names it.
 */
export async function readNewPair(args: string[], { ask }: ReadOptions): Promise<NewPairArguments> {
  const { values, positionals } = parse(args);
  const [given, ...files] = positionals;
  const name = given ?? ask?.("Name of the pair:")?.trim();
  if (!name) throw new Error(`The name is missing\n\n${USAGE}`);
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) {
    throw new Error(`Cannot use the name ${name}: expected lower-case letters, digits and hyphens`);
  }
  const isAsked = ask !== undefined && values.model === undefined && files.length === 0;
  const flags = values.model ?? (isAsked ? askModels(ask) : []);
  const models = [...flags.map(readModelFlag), ...await nameFiles(files)];
  const twice = models.find(({ name }, index) => {
    return models.findIndex((other) => other.name === name) !== index;
  });
  if (twice) throw new Error(`Cannot name two models ${twice.name}: expected different nodes`);
  if (models.length < 2) {
    throw new Error(`--model: ${models.length} models are given, expected two or more\n\n${USAGE}`);
  }
  const labels = values.labels ?? (isAsked ? ask(LABELS)?.trim() || undefined : undefined);
  return {
    name,
    models,
    labels: await readLabels(labels),
    size: readSize(values.size),
    mean: readNumbers("--mean", values.mean, () => true),
    std: readNumbers("--std", values.std, (value) => value > 0),
    into: (values.into ?? OWN_PLUGINS).replace(/\/+$/, ""),
  };
}

function parse(args: string[]) {
  const options = {
    model: { type: "string", multiple: true },
    labels: { type: "string" },
    size: { type: "string" },
    mean: { type: "string" },
    std: { type: "string" },
    into: { type: "string" },
  } as const;
  return withUsage(USAGE, () => parseArgs({ args, allowPositionals: true, options }));
}

function askModels(ask: (question: string) => string | null): string[] {
  const models: string[] = [];
  for (;;) {
    const text = ask(`Model ${models.length + 1} as <node>=<file.onnx>, empty to end:`)?.trim();
    if (!text) return models;
    models.push(text);
  }
}

async function readLabels(text: string | undefined): Promise<string[] | undefined> {
  if (text === undefined) return undefined;
  if (text.includes(",")) return text.split(",").map((label) => label.trim());
  const lines = await Deno.readTextFile(text).catch((error) => {
    throw new Error(`Cannot read --labels ${text}: ${error.message}; expected a file or a list`);
  });
  return lines.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
}

function readSize(text: string | undefined): [number, number] | undefined {
  if (text === undefined) return undefined;
  const [, height, width] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(text) ?? [];
  if (height && width) return [Number(height), Number(width)];
  throw new Error(`Cannot use --size ${text}: expected <height>x<width>, such as 224x224`);
}

function readNumbers(
  flag: string,
  text: string | undefined,
  check: (value: number) => boolean,
): number[] | undefined {
  if (text === undefined) return undefined;
  const numbers = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  if (numbers.every((value) => Number.isFinite(value) && check(value))) return numbers;
  throw new Error(`Cannot use ${flag} ${text}: expected numbers, separated by commas`);
}
