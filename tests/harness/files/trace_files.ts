import { formatNpy, type NpyArray, packNpz } from "../../../policies/learn/trace/mod.ts";

/** Arrays of a trace by name; one that is undefined is left out. */
export type Arrays = Readonly<Record<string, NpyArray | undefined>>;

/** What a changed trace is refused for. */
export interface Refusal {
  /** What is wrong with it. */
  readonly what: string;
  /** Arrays that replace those of the whole trace; none where undefined. */
  readonly change: Arrays;
  /** The array that is named. */
  readonly array: string;
  /** The row that is named. */
  readonly row?: number;
  /** How the reason reads. */
  readonly reason: string;
}

/** Writes arrays as a `.npz` file, whatever they hold. */
export function packArrays(arrays: Arrays): Uint8Array {
  const files = Object.entries(arrays).flatMap(([name, array]) =>
    array ? [[name, formatNpy(array)] as const] : []
  );
  return packNpz(new Map(files));
}
