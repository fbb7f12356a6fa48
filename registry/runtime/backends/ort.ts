import type * as Ort from "onnxruntime-web/wasm";
import { locations } from "../../base/locations.ts";
import type { Tensor } from "../../base/tensor.ts";
import type { WasmName } from "../../base/wasm_files.ts";
import type { Session, TensorInfo } from "../../base/backend.ts";

/** What every build of ONNX Runtime Web exports. Each has settings and memory of its own. */
export type OrtModule = typeof Ort;

/** A loaded model, whatever runs it. */
export type OrtSession = Omit<Session, "served">;

/**
 * Imports a build of ONNX Runtime Web and gives it its .wasm.
 *
 * @param load Imports the build; what it imports must be a literal, so that bundlers find it.
 * @param file Its .wasm.
 * @returns The build, on one thread.
 */
export async function startOrt(
  load: () => Promise<OrtModule>,
  file: Extract<WasmName, "onnxruntime" | "webgpu">,
): Promise<OrtModule> {
  // In a worker, ONNX Runtime Web resolves its own file against location.origin, which is "null"
  // there; without a location it takes the bytes that it is given. Plain assignment throws here;
  // the image codecs assign a location of their own, which must not.
  const location = { value: undefined, writable: true, configurable: true };
  Object.defineProperty(globalThis, "location", location);
  const ort = await load();
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = (await Deno.readFile(locations.wasm(file))).buffer;
  ort.env.logLevel = "error";
  return ort;
}

/**
 * Makes a task run once for all who call it.
 *
 * @param task The task.
 * @returns Gives the outcome; after a failure the next call tries again.
 */
export function rememberSuccess<T>(task: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    running ??= task().catch((error) => {
      running = undefined;
      throw error;
    });
}

/**
 * Loads a model.
 *
 * @param ort The build that runs it.
 * @param model The bytes of an ONNX file.
 * @param provider What the build computes with.
 * @returns The session; its outputs lie in the memory of the CPU.
 * @throws {Error} If the bytes are not a model that the build can run.
 */
export async function openOrtSession(
  ort: OrtModule,
  model: Uint8Array,
  provider: "wasm" | "webgpu",
): Promise<OrtSession> {
  const session = await ort.InferenceSession.create(model, { executionProviders: [provider] });
  dropBinary(ort);
  return {
    inputs: session.inputMetadata.map(describe),
    outputs: session.outputMetadata.map(describe),
    run: (feeds) => run(ort, session, feeds),
    release: () => session.release(),
  };
}

/** Frees what the runtime was compiled from, which it keeps for the life of the thread. */
function dropBinary(ort: OrtModule): void {
  const binary = ort.env.wasm.wasmBinary as ArrayBuffer;
  if (!binary.detached) binary.transfer(0);
}

async function run(
  ort: OrtModule,
  session: Ort.InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> {
  const inputs: Record<string, Ort.Tensor> = {};
  for (const [name, tensor] of Object.entries(feeds)) {
    inputs[name] = new ort.Tensor("float32", tensor.data, tensor.shape);
  }
  const outputs = await session.run(inputs);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => [
      name,
      { datatype: "FP32", shape: tensor.dims, data: tensor.data as Float32Array },
    ]),
  );
}

function describe(info: Ort.InferenceSession.ValueMetadata): TensorInfo {
  return info.isTensor
    ? { name: info.name, type: info.type, shape: info.shape }
    : { name: info.name, type: "not a tensor", shape: [] };
}
