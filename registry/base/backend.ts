import type { Tensor } from "./tensor.ts";

/** Name of a backend. */
export type BackendName = "wasm" | "webgpu" | "remote";

/** The backends that a plugin can name, the default first. */
export const BACKENDS: readonly [BackendName, ...BackendName[]] = ["wasm", "webgpu", "remote"];

/** What runs a model in fact. */
export interface Served {
  /** Name of the backend. */
  readonly backend: BackendName;
  /** Why it is another than the plugin names. */
  readonly reason?: string | undefined;
}

/** Name, type and shape of a model's input or output. */
export interface TensorInfo {
  /** Name in the ONNX graph. */
  readonly name: string;
  /** Element type as the runtime names it, such as `float32`. */
  readonly type: string;
  /** Sizes, batch first; a string stands for a size that is free. */
  readonly shape: readonly (number | string)[];
}

/** A loaded model. */
export interface Session {
  /** What runs the model. */
  readonly served: Served;
  /** What the model reads. */
  readonly inputs: readonly TensorInfo[];
  /** What the model gives. */
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs the model.
   *
   * @param feeds A tensor for every input, by name.
   * @returns A tensor for every output, by name.
   */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  /** Frees the model's memory; the session cannot be used afterwards. */
  release(): Promise<void>;
  /**
   * Why inputs and outputs are not known, for a model that is elsewhere and could not be asked; it cannot
   * run until it has been.
   *
   * @default they are known
   */
  readonly away?: string | undefined;
  /**
   * Asks a model that is away again. Never fails.
   *
   * @default there is nothing to ask
   */
  describe?(): Promise<void>;
}

/** Runs ONNX models. Every backend passes the same contract suite. */
export interface Backend {
  /** Name in plugins and in `GET /v1/pairs`. */
  readonly name: BackendName;
  /**
   * Loads a model.
   *
   * @param model The bytes of an ONNX file; for a model elsewhere, those of its description.
   * @returns A session that is ready to run.
   * @throws {Error} If the bytes are not a model that this backend can run.
   */
  load(model: Uint8Array): Promise<Session>;
}

/** The backends of one thread, by name. */
export type Backends = Readonly<Record<BackendName, Backend>>;
