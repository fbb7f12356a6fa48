/**
 * Reads texts of NumPy's `<U` type: UTF-32, filled up with NUL.
 *
 * @param codes Code points, `count × width` of them.
 * @param count Number of texts.
 * @param width Code points for each.
 * @returns The texts.
 * @throws {SyntaxError} If a number is not a Unicode character; names the place of the text.
 */
export function parseText(codes: Uint32Array, count: number, width: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const own = codes.subarray(index * width, (index + 1) * width);
    const end = own.findLastIndex((code) => code !== 0) + 1;
    let text = "";
    for (const code of own.subarray(0, end)) {
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        throw new SyntaxError(`expected text, got code point ${code} in element ${index}`);
      }
      text += String.fromCodePoint(code);
    }
    return text;
  });
}

/**
 * Writes texts as NumPy does, as wide as the longest.
 *
 * @param texts Texts without NUL and lone surrogates.
 * @returns NumPy's name of the type, and the code points.
 */
export function formatText(texts: readonly string[]): { dtype: string; data: Uint32Array } {
  const points = texts.map((text) => Array.from(text, (char) => char.codePointAt(0) as number));
  const width = points.reduce((widest, { length }) => Math.max(widest, length), 1);
  const data = new Uint32Array(texts.length * width);
  points.forEach((codes, index) => data.set(codes, index * width));
  return { dtype: `<U${width}`, data };
}
