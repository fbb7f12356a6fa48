/**
 * Writes a file so that a reader finds the old one or the new one, never half of it, even after a
 * loss of power: the content reaches the disk before the name does. Its folder is made if it does not
 * exist.
 *
 * @param file The file.
 * @param bytes Its new content.
 * @param temporary Where it is written first, in the same file system. Beside the file unless given.
 */
export async function replaceFile(
  file: URL,
  bytes: Uint8Array,
  temporary: URL = new URL(`${file.href}.${crypto.randomUUID()}`),
): Promise<void> {
  const folder = new URL("./", file);
  await Deno.mkdir(folder, { recursive: true });
  try {
    await writeThrough(temporary, bytes);
    await Deno.rename(temporary, file);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

async function writeThrough(file: URL, bytes: Uint8Array): Promise<void> {
  using opened = await Deno.open(file, { write: true, create: true, truncate: true });
  for (let written = 0; written < bytes.length;) {
    written += await opened.write(bytes.subarray(written));
  }
  await opened.sync();
}

/** The new name is in the folder; not every system can open one. */
async function syncFolder(folder: URL): Promise<void> {
  let opened: Deno.FsFile;
  try {
    opened = await Deno.open(folder, { read: true });
  } catch {
    return;
  }
  try {
    await opened.sync();
  } finally {
    opened.close();
  }
}
