/** Rounds to a number of decimals. */
export function round(value: number, decimals = 3): number {
  return Number(value.toFixed(decimals));
}

/** A number of bytes as people read it, such as `6.6 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
