/**
 * Writes a file so that a reader finds the old one or the new one, never half of it. Its folder is
 * made if it does not exist.
 *
 * @param file The file.
 * @param bytes Its new content.
 */
export async function replaceFile(file: URL, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(new URL("./", file), { recursive: true });
  // Beside the file, because a rename works within one file system only.
  const temporary = new URL(`${file.href}.${crypto.randomUUID()}`);
  try {
    await Deno.writeFile(temporary, bytes);
    await Deno.rename(temporary, file);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
