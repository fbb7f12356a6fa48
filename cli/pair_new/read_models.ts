import type { TensorInfo } from "../../registry/mod.ts";
import { hashOf } from "../../registry/models/mod.ts";
import { median, patternOf, WasmBackend } from "../../registry/runtime/mod.ts";
import type { Tensor } from "../../registry/base/mod.ts";

/** Of how many runs the middle one is taken; as many go before, to warm up. */
const RUNS = 15;

/** What an ONNX file tells of itself. */
export interface ReadModel {
  /** Name of its node. */
  readonly name: string;
  /** Where it was read. */
  readonly file: URL;
  /** SHA-256 in lower-case hex. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** What it reads. */
  readonly inputs: readonly TensorInfo[];
  /** What it gives. */
  readonly outputs: readonly TensorInfo[];
  /** Median milliseconds at batch 1; undefined where an input's size is free. */
  readonly ms: number | undefined;
}

/**
 * Reads an ONNX file: what it reads and gives, and how long it takes.
 *
 * @param name Name of its node.
 * @param file The file.
 * @returns What it tells.
 * @throws {Error} If it cannot be read, or is no model that ONNX Runtime can run; names it.
 */
export async function readModel(name: string, file: URL): Promise<ReadModel> {
  const bytes = await Deno.readFile(file).catch((error) => {
    throw new Error(`Cannot read --model ${name}=${file.pathname}: ${error.message}`);
  });
  // First, because the runtime may take the buffer.
  const known = { name, file, sha256: hashOf(bytes), bytes: bytes.length };
  const session = await new WasmBackend().load(bytes).catch((error) => {
    throw new Error(
      `Cannot use --model ${name}=${file.pathname}: it is no ONNX model that can run: ${error.message}`,
    );
  });
  try {
    const { inputs, outputs } = session;
    const feeds = feedsOf(inputs);
    const ms = feeds && await time(() => session.run(feeds));
    return { ...known, inputs, outputs, ms };
  } finally {
    await session.release();
  }
}

function feedsOf(inputs: readonly TensorInfo[]): Record<string, Tensor> | undefined {
  const feeds: Record<string, Tensor> = {};
  for (const { name, type, shape: [, ...item] } of inputs) {
    if (type !== "float32" || item.some((size) => typeof size === "string")) return undefined;
    feeds[name] = patternOf(item as number[]);
  }
  return feeds;
}

async function time(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < 2 * RUNS; count++) {
    const started = performance.now();
    await run();
    if (count >= RUNS) times.push(performance.now() - started);
  }
  return median(times);
}
