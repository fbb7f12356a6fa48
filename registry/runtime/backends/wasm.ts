import type { Backend, Session } from "../../base/backend.ts";
import { openOrtSession, rememberSuccess, startOrt } from "./ort.ts";

/** The default backend: ONNX Runtime Web on WebAssembly with SIMD, one thread. */
export class WasmBackend implements Backend {
  /** Name in plugins and in `GET /v1/pairs`. */
  readonly name = "wasm";

  /** Loads a model; the first call compiles the runtime, about half a second. */
  async load(model: Uint8Array): Promise<Session> {
    const session = await openOrtSession(await runtime(), model, "wasm");
    return { served: { backend: this.name }, ...session };
  }
}

const runtime = rememberSuccess(() =>
  startOrt(() => import("onnxruntime-web/wasm"), "onnxruntime")
);
