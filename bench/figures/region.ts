/**
 * Replaces what stands between two markers of a document, `<!-- name -->` and `<!-- /name -->`.
 *
 * @param text The document.
 * @param name Name of the region.
 * @param content What is to stand there.
 * @returns The document with the new content.
 * @throws {SyntaxError} If the markers are missing.
 */
export function replaceRegion(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) {
    throw new SyntaxError(`Cannot fill region ${name}: expected ${begin}${end}`);
  }
  return `${text.slice(0, from + begin.length)}${content}\n${text.slice(to)}`;
}
