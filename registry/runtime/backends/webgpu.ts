import type { Backend, Session } from "../../base/backend.ts";
import { type GpuProbe, probeWebGpu } from "./webgpu_probe.ts";
import { WebGpuRuntime } from "./webgpu_runtime.ts";

/** Options of {@linkcode WebGpuBackend}. */
export interface WebGpuBackendOptions {
  /** Runs what cannot run on the GPU. */
  readonly fallback: Backend;
  /**
   * Looks for a GPU, once.
   *
   * @default asks this runtime
   */
  readonly probe?: () => Promise<GpuProbe>;
  /**
   * Runs models on the GPU.
   *
   * @default the one of this thread
   */
  readonly runtime?: Pick<WebGpuRuntime, "open">;
}

const threadRuntime = new WebGpuRuntime();

/** ONNX Runtime Web on WebGPU. A model that cannot run there is run by another backend. */
export class WebGpuBackend implements Backend {
  /** Name in plugins and in `GET /v1/pairs`. */
  readonly name = "webgpu";
  readonly #fallback: Backend;
  readonly #runtime: Pick<WebGpuRuntime, "open">;
  readonly #probe: () => Promise<GpuProbe>;
  #found: Promise<GpuProbe> | undefined;

  /** Looks for a GPU when the first model is loaded. */
  constructor({ fallback, probe = probeWebGpu, runtime = threadRuntime }: WebGpuBackendOptions) {
    this.#fallback = fallback;
    this.#runtime = runtime;
    this.#probe = probe;
  }

  /**
   * Loads a model; the first call compiles the runtime, about a second. Without a GPU nothing of it is
   * loaded, and a model that fails there is loaded by the fallback: `served` says so, and why.
   *
   * @throws {Error} If the fallback cannot load the model either.
   */
  async load(model: Uint8Array): Promise<Session> {
    const found = await (this.#found ??= this.#probe());
    if ("reason" in found) return await this.#loadElsewhere(model, found.reason);
    try {
      const session = await this.#runtime.open(model);
      return { served: { backend: this.name }, ...session };
    } catch (error) {
      return await this.#loadElsewhere(model, firstLine(error));
    }
  }

  async #loadElsewhere(model: Uint8Array, reason: string): Promise<Session> {
    const session = await this.#fallback.load(model);
    return { ...session, served: { ...session.served, reason: `${this.name}: ${reason}` } };
  }
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? "";
}
