import { readText } from "./project.ts";

/**
 * The blocks of code of a document.
 *
 * @param path The document, from the root of the repository.
 * @param language What the blocks are marked with.
 * @param address Takes the place of `http://127.0.0.1:8000`.
 */
export async function codeBlocks(
  path: string,
  language: string,
  address: string,
): Promise<string[]> {
  const text = await readText(path);
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"));
  const { host } = new URL(address);
  return Array.from(blocks, ([, block = ""]) => block.replaceAll("127.0.0.1:8000", host));
}
