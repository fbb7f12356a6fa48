import pLimit from "p-limit";
import { elementCount, type Tensor } from "../../base/tensor.ts";
import type { TensorInfo } from "../../base/backend.ts";
import {
  openOrtSession,
  type OrtModule,
  type OrtSession,
  rememberSuccess,
  startOrt,
} from "./ort.ts";

/** Options of {@linkcode WebGpuRuntime}. */
export interface WebGpuRuntimeOptions {
  /**
   * Starts ONNX Runtime Web.
   *
   * @default its build for WebGPU
   */
  readonly start?: () => Promise<OrtModule>;
  /**
   * Is told once, if the device is lost that models run on.
   *
   * @default ends the worker, so that the pool starts another, with a device of its own
   */
  readonly onLost?: (error: Error) => void;
  /**
   * How long one run may take in milliseconds, the compilation of its shaders included. The device
   * counts as lost after that.
   *
   * @default 60000
   */
  readonly limitMs?: number;
}

/**
 * ONNX Runtime Web on the GPU of this thread. One call at a time is let through, because calls that
 * overlap block the thread for good; and none after the device was lost, for the same reason.
 */
export class WebGpuRuntime {
  readonly #ort: () => Promise<OrtModule>;
  readonly #onLost: (error: Error) => void;
  readonly #limitMs: number;
  readonly #inTurn = pLimit(1);
  /** Why nothing may be called any longer. */
  #error: Error | undefined;
  /** Ends the wait for the call under way. */
  #interrupt: (error: Error) => void = () => {};
  #device: GPUDevice | undefined;
  #sessions = 0;

  /** Does nothing until the first model is opened. */
  constructor(options: WebGpuRuntimeOptions = {}) {
    this.#ort = rememberSuccess(options.start ?? startWebGpuBuild);
    this.#onLost = options.onLost ?? ((error) => reportError(error));
    this.#limitMs = options.limitMs ?? 60_000;
  }

  /**
   * Loads a model and runs it once, if its shapes tell on what.
   *
   * @param model The bytes of an ONNX file.
   * @returns The session.
   * @throws {Error} If the model cannot be loaded or run here.
   */
  open(model: Uint8Array): Promise<OrtSession> {
    return this.#exclusively(async () => {
      const ort = await this.#ort();
      const session = await openOrtSession(ort, model, "webgpu");
      try {
        await this.#watch(ort);
        const feeds = probeFeeds(session.inputs);
        if (feeds) await session.run(feeds);
      } catch (error) {
        if (!this.#error) await this.#release(session);
        throw error;
      }
      this.#sessions++;
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        run: (feeds) => this.#exclusively(() => session.run(feeds)),
        release: async () => {
          if (this.#error) return;
          this.#sessions--;
          await this.#exclusively(() => this.#release(session));
        },
      };
    });
  }

  #exclusively<T>(task: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      if (this.#error) throw this.#error;
      const late = new Error(`the GPU has not answered within ${this.#limitMs / 1000} s`);
      const timer = setTimeout(() => this.#stop(late), this.#limitMs);
      const { promise: interrupted, reject } = Promise.withResolvers<never>();
      this.#interrupt = reject;
      try {
        return await Promise.race([task(), interrupted]);
      } catch (error) {
        // What fails because the device is lost can fail before that is known.
        await new Promise((resolve) => setTimeout(resolve, 0));
        throw this.#error ?? error;
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** The runtime has another device after its last session was released. */
  async #watch(ort: OrtModule): Promise<void> {
    const device = await ort.env.webgpu.device as GPUDevice;
    if (device === this.#device) return;
    this.#device = device;
    device.lost.then(({ reason, message }) => {
      if (device === this.#device) {
        this.#stop(new Error(`the device was lost (${reason}: ${message})`));
      }
    });
  }

  async #release(session: OrtSession): Promise<void> {
    // The runtime gives up its device with the last session, which is no loss.
    if (this.#sessions === 0) this.#device = undefined;
    await session.release();
  }

  #stop(error: Error): void {
    if (this.#error) return;
    this.#error = error;
    this.#interrupt(error);
    if (this.#sessions > 0) this.#onLost(error);
  }
}

/** One item for each input; nothing if more than the batch is free, because any size might be wrong. */
function probeFeeds(inputs: readonly TensorInfo[]): Record<string, Tensor> | undefined {
  const feeds: Record<string, Tensor> = {};
  for (const { name, type, shape } of inputs) {
    const sizes = shape.map((size, index) => index === 0 && typeof size === "string" ? 1 : size);
    if (type !== "float32" || !sizes.every((size) => typeof size === "number")) return undefined;
    const data = new Float32Array(elementCount(sizes)).fill(0.5);
    feeds[name] = { datatype: "FP32", shape: sizes, data };
  }
  return feeds;
}

function startWebGpuBuild(): Promise<OrtModule> {
  return startOrt(
    () => import("onnxruntime-web/webgpu"),
    "webgpu",
  );
}
