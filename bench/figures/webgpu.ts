import type { Machine } from "../../cli/shared/mod.ts";
import { type Measured, readMeasured, sayMachine } from "./measured.ts";

/** What a node costs on both backends, as bench/webgpu.json has it. */
interface WebGpuRow {
  readonly pair: string;
  readonly node: string;
  readonly wasm_ms: number;
  readonly webgpu_ms: number;
  readonly webgpu_p10_ms: number;
  readonly webgpu_p90_ms: number;
  readonly times_wasm: number;
  readonly n: number;
}

/** The machine, and the adapter that was found there. */
interface WebGpuMeasured extends Measured<WebGpuRow> {
  readonly machine: Machine & { readonly adapter: string };
}

/** Writes what every node costs on WebGPU beside WebAssembly. */
export async function writeWebgpu(): Promise<string> {
  const { machine, rows } = await readMeasured<WebGpuRow>("webgpu") as WebGpuMeasured;
  const nodes = rows.map((row) => {
    return `| ${row.pair} | ${row.node} | ${row.wasm_ms} | ${row.webgpu_ms} | ` +
      `${row.webgpu_p10_ms}–${row.webgpu_p90_ms} | ${row.times_wasm}× | ${row.n} |`;
  });
  return `Medians at batch 1, warm, without a server; adapter: ${machine.adapter}; ${
    sayMachine(machine)
  },
${machine.date}.

| pair | node | wasm ms | webgpu ms | webgpu, 10th–90th percentile | webgpu / wasm | n |
|---|---|---|---|---|---|---|
${nodes.join("\n")}`;
}
