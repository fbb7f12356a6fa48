/**
 * Writes a share in per cent.
 *
 * @param share The share; 1 is all.
 * @param decimals Most digits behind the point.
 * @returns Such as `0.52%`.
 */
export function percent(share: number, decimals = 2): string {
  // Adding 0 turns −0 into 0.
  const rounded = Number((100 * share).toFixed(decimals)) + 0;
  return `${rounded}%`.replace("-", "−");
}

/**
 * Writes a ratio.
 *
 * @param ratio The ratio.
 * @returns Such as `2.81×`.
 */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}

/**
 * Writes a time to three significant digits.
 *
 * @param value Milliseconds.
 * @returns Such as `0.412 ms`.
 */
export function ms(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}

/**
 * Rounds every number of a value, so that its JSON stays small.
 *
 * @param value What JSON can hold.
 * @param digits Significant digits that are kept.
 * @returns A copy.
 */
export function roundNumbers<T>(value: T, digits = 6): T {
  return JSON.parse(JSON.stringify(value), (_, member) => {
    return typeof member === "number" ? Number(member.toPrecision(digits)) : member;
  });
}
