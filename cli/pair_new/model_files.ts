import { basename, join } from "node:path";

/** An ONNX file and the node that it is to be. */
export interface NamedFile {
  /** Name of the node. */
  readonly name: string;
  /** Path of the file. */
  readonly path: string;
}

const NODE = /^(?!(?:start|exit)$)[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/**
 * Reads what a `--model` says.
 *
 * @param text `<node>=<file.onnx>`.
 * @returns The file under its name.
 * @throws {Error} If it is something else.
 */
export function readModelFlag(text: string): NamedFile {
  const [, name = "", path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (path && NODE.test(name)) return { name, path };
  throw new Error(
    `Cannot use --model ${text}: expected <node>=<file.onnx>, such as small=networks/small.onnx`,
  );
}

/**
 * Names ONNX files, or all those of folders, after themselves.
 *
 * @param paths Files and folders.
 * @returns The files, those of a folder by name.
 * @throws {Error} If a folder has none, or a file has no name that a node can have.
 */
export async function nameFiles(paths: readonly string[]): Promise<NamedFile[]> {
  const files = await Promise.all(paths.map(filesOf));
  return files.flat().map((path) => {
    const name = basename(path).replace(/\.onnx$/, "");
    if (path.endsWith(".onnx") && NODE.test(name)) return { name, path };
    throw new Error(
      `Cannot use ${path}: expected the name of a node and .onnx; give it as --model <node>=${path}`,
    );
  });
}

/** What cannot be looked at is taken for a file, which will be read and named. */
async function filesOf(path: string): Promise<string[]> {
  const isFolder = await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
  if (!isFolder) return [path];
  const names: string[] = [];
  for await (const { name } of Deno.readDir(path)) if (name.endsWith(".onnx")) names.push(name);
  if (names.length === 0) throw new Error(`Cannot use ${path}: there is no .onnx file in it`);
  return names.sort().map((name) => join(path, name));
}
