const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Bits of −(2 − 2⁻²³) · 2¹²⁷, the lowest of all. */
const LOWEST = 0xff7fffff | 0;

/**
 * The next number below another in single precision.
 *
 * @param value A finite number of single precision.
 * @returns The largest number of single precision below it, or the lowest of all if there is none.
 */
export function nextBelow(value: number): number {
  float[0] = value === 0 ? -0 : value;
  // Numbers of one sign are in the order of their bits.
  if (bits[0] !== LOWEST) bits[0] = (bits[0] as number) + (value > 0 ? -1 : 1);
  return float[0];
}
