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
