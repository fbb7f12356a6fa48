import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** An ONNX file is a protobuf message, which has fewer. */
const MAX_BYTES = 2 ** 31;

/**
 * Reads a file that must be one: a pipe or a device would not end, or never begin.
 *
 * @param file URL of the file.
 * @param folder URL of a folder with a trailing slash. A file that is named within must lie within,
 * and not be a symbolic link to elsewhere.
 * @returns The file.
 * @throws {Deno.errors.NotFound} If there is none.
 * @throws {Error} If it cannot be read. The message says why, without path and without anything of what it holds.
 */
export async function readModelFile(file: URL, folder?: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    if (folder && isWithin(fileURLToPath(file), fileURLToPath(folder))) {
      await checkReallyWithin(file, folder);
    }
    // Opening a pipe waits for somebody who writes.
    checkKind(await Deno.stat(file));
    using opened = await Deno.open(file);
    const info = await opened.stat();
    checkKind(info);
    return await readAll(opened, info.size);
  } catch (error) {
    throw error instanceof Deno.errors.NotFound ? error : new Error(reasonOf(error));
  }
}

async function checkReallyWithin(file: URL, folder: URL): Promise<void> {
  if (isWithin(await Deno.realPath(file), await Deno.realPath(folder))) return;
  throw new RangeError(
    "it is a symbolic link out of the plugin's folder, expected a file in it or the file's own path",
  );
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}

function checkKind({ isFile, isDirectory, size }: Deno.FileInfo): void {
  if (!isFile) {
    const kind = isDirectory ? "folder" : "pipe, device or socket";
    throw new RangeError(`it is a ${kind}, expected a file`);
  }
  if (size >= MAX_BYTES) {
    throw new RangeError(`it has ${size} bytes, expected fewer than ${MAX_BYTES}`);
  }
}

async function readAll(file: Deno.FsFile, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const read = await file.read(bytes.subarray(at));
    if (read === null) throw new RangeError("it became shorter while it was read");
    at += read;
  }
  return bytes;
}

/** Messages of the system hold absolute paths. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return error.message;
  if (error instanceof Deno.errors.NotCapable) {
    return "Deno is not allowed to, expected --allow-read for its folder";
  }
  if (error instanceof Deno.errors.PermissionDenied) return "the system does not permit it";
  return error instanceof Error ? error.name : "it failed";
}
