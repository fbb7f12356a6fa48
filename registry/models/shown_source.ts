/**
 * A source as errors and logs may show it: without user, password and query, which may be secret.
 *
 * @param source A path or URL.
 * @returns The same, with `…` in their place.
 */
export function shownSource(source: string): string {
  if (!/^\s*[a-z][a-z0-9+.-]*:/i.test(source)) return source;
  const url = URL.parse(source);
  // Of what is no URL nobody knows where a password would end.
  if (!url) return source.replace(/^(\s*[^:]*:[/\\]*).*@/s, "$1…@").replace(/\?.*$/s, "?…");
  const query = url.search === "" ? "" : "?…";
  if (!url.username && !url.password) return source.replace(/\?.*$/s, query);
  return `${url.protocol}//…@${url.host}${url.pathname}${query}`;
}
