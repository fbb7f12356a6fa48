import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { StoredPolicy } from "../../policies/stores/mod.ts";

/** One element of a list of entity tags: what marks it as weak, and the tag. */
const LISTED_TAG = /(?:^|,)\s*(W\/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?=,|$)/g;

/**
 * The strong entity tag of a version of a policy.
 *
 * @param stored The version.
 * @returns The tag in quotes.
 */
export function entityTag({ version, sha256 }: Pick<StoredPolicy, "version" | "sha256">): string {
  return `"${version}-${sha256.slice(0, 16)}"`;
}

/**
 * Reads `If-Match` and `If-None-Match` (RFC 9110, section 13.1).
 *
 * @param c The request's context.
 * @param required Whether `If-Match` must be given, or `If-None-Match: *`.
 * @returns Throws an `HTTPException` with status 412 if the latest version is not as demanded.
 * @throws {HTTPException} 428 if what is required is not given.
 */
export function readPrecondition(
  c: Context,
  required: boolean,
): (head: StoredPolicy | undefined) => void {
  const match = c.req.header("if-match");
  const noneMatch = c.req.header("if-none-match");
  if (required && match === undefined && noneMatch?.trim() !== "*") {
    const message = "no precondition is given, expected If-Match with the ETag of GET " +
      `${c.req.path}, or If-None-Match: * where there is no policy yet`;
    throw new HTTPException(428, { message });
  }
  return (head) => {
    const tag = head && entityTag(head);
    const latest = head ? `the latest version is ${head.version}, ${tag}` : "there is no policy";
    if (match !== undefined && !matches(match, tag)) {
      throw new HTTPException(412, { message: `If-Match is ${match}, but ${latest}` });
    }
    if (noneMatch !== undefined && matches(noneMatch, tag, true)) {
      throw new HTTPException(412, { message: `If-None-Match is ${noneMatch}, but ${latest}` });
    }
  };
}

/**
 * Whether a list of entity tags holds a tag.
 *
 * @param list A header such as `"a", "b"`, or `*` for any.
 * @param tag The tag in quotes; undefined if there is nothing to be tagged.
 * @param weakly Whether weak tags count, as for `If-None-Match`; as for `If-Match` they never match.
 */
export function matches(list: string, tag: string | undefined, weakly = false): boolean {
  if (tag === undefined) return false;
  if (list.trim() === "*") return true;
  return [...list.matchAll(LISTED_TAG)].some(([, weak, listed]) =>
    listed === tag && (weakly || weak === undefined)
  );
}
