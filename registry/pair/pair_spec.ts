import type { BackendName } from "../base/backend.ts";
import type { ImageSpec } from "./image_spec.ts";
import type { PluginCode } from "./plugin_code.ts";

/** The unit of costs that are measured. */
export const MILLISECONDS = "ms";

/** How to ask for a model that is served elsewhere. */
export interface RemoteSpec {
  /**
   * Name of the environment variable that holds a bearer token; it begins with `SLUICE_`.
   *
   * @default none is sent
   */
  readonly token?: string | undefined;
  /**
   * Milliseconds for an answer, connecting included.
   *
   * @default 2000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Sent with every request, such as `{ policy: "always:large" }` for another Sluice.
   *
   * @default none
   */
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** One ONNX file and how to feed it, or a model that is served elsewhere. */
export interface ModelSpec extends PluginCode {
  /**
   * URL of the ONNX file; a relative one is resolved against `pair.ts`. Of a model elsewhere, its URL in
   * the Open Inference Protocol: `https://<host>/v2/models/<model>`, or `/versions/<version>` after that.
   */
  readonly source: string;
  /**
   * SHA-256 of the file in hex. Required for a file on the network. Of a model elsewhere it is taken for
   * granted, so that a policy learned with the file serves.
   */
  readonly sha256?: string | undefined;
  /**
   * What each input of the ONNX graph reads: the name of the request's input, or `<node>.<output>`
   * for an output of an earlier node.
   *
   * @default the model's only input reads the request
   */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  /**
   * Name of the ONNX output with the logits, shape [batch, labels].
   *
   * @default "logits", or the model's only output
   */
  readonly output?: string | undefined;
  /**
   * How images are prepared for this model.
   *
   * @default the pair's `image`
   */
  readonly image?: ImageSpec | undefined;
  /**
   * What runs the model. Where it cannot run here, another does, and the reason is shown. `remote` is a
   * server that speaks the Open Inference Protocol v2.
   *
   * @default "wasm"
   */
  readonly backend?: BackendName | undefined;
  /**
   * How to ask for a model that `remote` runs.
   *
   * @default without token and parameters, within 2 s
   */
  readonly remote?: RemoteSpec | undefined;
  /**
   * What one item costs, in the pair's `costUnit`.
   *
   * @default measured in milliseconds when the pair is loaded
   */
  readonly cost?: number | undefined;
}

/** The tensor that a request brings. */
export interface InputSpec {
  /** Name of the input in the Open Inference Protocol. */
  readonly name: string;
  /** Element type. */
  readonly datatype: "FP32";
  /** Shape of one item, without the batch dimension; `[channels, height, width]` for images. */
  readonly shape: readonly number[];
}

/** Which node may follow which. The pseudo-node `start` may list several first nodes. */
export type GraphSpec = Readonly<Record<string, readonly string[]>>;

/** A pair: two or more models that answer the same question, from cheap to expensive. */
export interface PairSpec extends PluginCode {
  /** Name in URLs: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** One sentence for people who choose among pairs. */
  readonly description?: string | undefined;
  /** Class names, in the order of the logits. */
  readonly labels: readonly string[];
  /** The tensor that a request brings. */
  readonly input: InputSpec;
  /** How images become the input; without it the pair takes tensors only. */
  readonly image?: ImageSpec | undefined;
  /** The models by node name, from cheap to expensive. */
  readonly models: Readonly<Record<string, ModelSpec>>;
  /** Which node may follow which. */
  readonly graph: GraphSpec;
  /**
   * Unit of all costs of the pair. With any other than milliseconds, every model states its `cost`.
   *
   * @default "ms"
   */
  readonly costUnit?: string | undefined;
}
