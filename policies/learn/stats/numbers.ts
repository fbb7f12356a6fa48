/** A share in per cent, such as `0.52%`. */
export function percent(share: number, decimals = 2): string {
  // Adding 0 turns −0 into 0.
  const rounded = Number((100 * share).toFixed(decimals)) + 0;
  return `${rounded}%`.replace("-", "−");
}

/** A ratio, such as `2.81×`. */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}

/** Milliseconds, such as `0.412 ms`. */
export function ms(value: number): string {
  return `${Number(value.toPrecision(3))} ms`;
}

/** Rounds every number of a value to so many significant digits, so that JSON stays small. */
export function roundNumbers<T>(value: T, digits = 6): T {
  return JSON.parse(JSON.stringify(value), (_, member) => {
    return typeof member === "number" ? Number(member.toPrecision(digits)) : member;
  });
}
