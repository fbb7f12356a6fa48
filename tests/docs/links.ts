/** The links and headings of a page. */

const BLOCK = /^ *```.*?^ *```$/gms;
const SPAN = /`[^`\n]*`/g;
const LINK = /\]\(([^)\s]+)\)/g;
const HEADING = /^#{1,6} +(.+)$/gm;

/**
 * Finds what a page links to and which images it shows, code left out.
 *
 * @param markdown The page.
 * @returns The targets, in order.
 */
export function linksOf(markdown: string): string[] {
  const text = markdown.replaceAll(BLOCK, "").replaceAll(SPAN, "");
  return Array.from(text.matchAll(LINK), ([, target = ""]) => target);
}

/**
 * Finds the anchors of a page's headings, as GitHub makes them.
 *
 * @param markdown The page.
 * @returns The anchors, without `#`.
 */
export function anchorsOf(markdown: string): string[] {
  return Array.from(markdown.replaceAll(BLOCK, "").matchAll(HEADING), ([, heading = ""]) => {
    return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
  });
}
