import { cpus } from "node:os";

/** What a figure must say of the machine that it was measured on. */
export interface Machine {
  /** Name of the processor. */
  readonly cpu: string;
  /** Number of cores. */
  readonly cores: number;
  /** Version of Deno. */
  readonly deno: string;
  /** Day of the measurement. */
  readonly date: string;
}

/** Describes the machine that runs the benchmark. */
export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model ?? "unknown",
    cores: cores.length,
    deno: Deno.version.deno,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** Rounds to a number of decimals. */
export function round(value: number, decimals = 3): number {
  return Number(value.toFixed(decimals));
}

/**
 * Prints rows as a table and writes them with the machine's description into bench/.
 *
 * @param name Name of the file.
 * @param rows What was measured.
 * @param more What else must be said of the machine.
 */
export async function report(
  name: string,
  rows: readonly Record<string, unknown>[],
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const machine = { ...describeMachine(), ...more };
  const file = new URL(`../../bench/${name}.json`, import.meta.url);
  console.table(rows);
  console.log(`${machine.cpu}, ${machine.cores} cores, Deno ${machine.deno}, ${machine.date}`);
  await Deno.writeTextFile(file, JSON.stringify({ machine, rows }, null, 2) + "\n");
  console.log(`Written to bench/${name}.json`);
}
