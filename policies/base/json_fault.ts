import { parse, type ParseError, printParseErrorCode } from "jsonc-parser";

/**
 * Says what is wrong with a text that is not JSON, and where, without anything of the text: it may be of a
 * file that is not meant to be shown. `JSON.parse` repeats the text around the place.
 *
 * @param text A text that `JSON.parse` refuses.
 * @returns Such as `property name expected at line 1, column 2`; without place if none is found.
 */
export function jsonFault(text: string): string {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true });
  } catch {
    return "nested too deeply";
  }
  const [first] = errors;
  if (!first) return "unexpected character";
  const lines = text.slice(0, first.offset).split("\n");
  const what = printParseErrorCode(first.error).replace(/\B[A-Z]/g, " $&").toLowerCase();
  return `${what} at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
