import type * as Ort from "onnxruntime-web/wasm";
import { locations } from "../locations.ts";
import type { Tensor } from "../tensor.ts";
import type { Backend, Session, TensorInfo } from "./backend.ts";

/** The default backend: ONNX Runtime Web on WebAssembly with SIMD, one thread. */
export class WasmBackend implements Backend {
  /** Name in plugins and in `GET /v1/pairs`. */
  readonly name = "wasm";

  /** Loads a model; the first call compiles the runtime, about half a second. */
  async load(model: Uint8Array): Promise<Session> {
    const ort = await runtime();
    const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
    dropBinary(ort);
    return {
      served: { backend: this.name },
      inputs: session.inputMetadata.map(describe),
      outputs: session.outputMetadata.map(describe),
      run: (feeds) => run(ort, session, feeds),
      release: () => session.release(),
    };
  }
}

let loading: Promise<typeof Ort> | undefined;

/** A failed start is not remembered, so that the next call tries again. */
function runtime(): Promise<typeof Ort> {
  loading ??= start().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(): Promise<typeof Ort> {
  // In a worker, ONNX Runtime Web resolves its own file against location.origin, which is "null"
  // there; without a location it takes the bytes that it is given. Plain assignment throws here;
  // the image codecs assign a location of their own, which must not.
  const location = { value: undefined, writable: true, configurable: true };
  Object.defineProperty(globalThis, "location", location);
  const ort = await import("onnxruntime-web/wasm");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = (await Deno.readFile(locations.wasm("onnxruntime"))).buffer;
  ort.env.logLevel = "error";
  return ort;
}

/** Frees the 14 MB that it was compiled from, which ONNX Runtime Web keeps for the life of the thread. */
function dropBinary(ort: typeof Ort): void {
  const binary = ort.env.wasm.wasmBinary as ArrayBuffer;
  if (!binary.detached) binary.transfer(0);
}

async function run(
  ort: typeof Ort,
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
