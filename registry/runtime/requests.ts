import type { BoundPolicy } from "../../policies/mod.ts";
import type { ModelFile } from "../models/model_file.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import type { Walked } from "../walk/walked.ts";

/** A pair to load, with its models. */
export interface LoadRequest {
  /** The checked pair. */
  readonly pair: PairSpec;
  /** ONNX files with their hashes, by node. Models with the same hash share one session. */
  readonly models: Readonly<Record<string, ModelFile>>;
  /**
   * Whether the pair has been loaded before: a model elsewhere that does not fit any longer is no reason
   * then for the others not to serve.
   *
   * @default false
   */
  readonly again?: boolean | undefined;
  /**
   * URL of the plugin's module, for a pair with functions that come from another thread, where they had
   * to be left behind.
   *
   * @default the pair has its functions with it, if any
   */
  readonly code?: string | undefined;
}

/** A policy under a name that requests can use. */
export interface PolicyRequest {
  /** Name of this version of the policy, such as `fashion-mnist@3`. */
  readonly id: string;
  /** The policy. */
  readonly policy: BoundPolicy;
}

/** A policy that is to be tried. */
export interface TryRequest {
  /** Name of the pair. */
  readonly pair: string;
  /** The policy. */
  readonly policy: BoundPolicy;
}

/** The policy of a request: a node that always answers, or an operating point of a document. */
export type PolicyChoice =
  | { readonly always: string }
  | { readonly id: string; readonly point: string };

/** The input of a request. */
export type RequestInput =
  | { readonly kind: "image"; readonly bytes: Uint8Array; readonly maxPixels: number }
  | { readonly kind: "tensor"; readonly data: Float32Array; readonly count: number }
  | RawImages;

/** Images as raw pixels, one after the other, all of one size. */
export interface RawImages {
  /** Tells it from other inputs. */
  readonly kind: "pixels";
  /** `count` × `height` × `width` × `channels` bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Number of images. */
  readonly count: number;
  /** Rows of each. */
  readonly height: number;
  /** Pixels of a row. */
  readonly width: number;
  /** Bytes of a pixel: 1 grey, 3 RGB, 4 RGBA. */
  readonly channels: number;
}

/** One request. */
export interface RunRequest {
  /** Name of the pair. */
  readonly pair: string;
  /** Decides the way of every item. */
  readonly policy: PolicyChoice;
  /** An image, or `count` items as one tensor or as raw pixels. */
  readonly input: RequestInput;
  /**
   * Whether the request fails where a node is not available, rather than be answered without it.
   *
   * @default false
   */
  readonly strict?: boolean | undefined;
}

/** A node to measure. */
export interface MeasureRequest {
  /** Name of the pair. */
  readonly pair: string;
  /** The node. */
  readonly node: string;
}

/** What a request can tell while it runs. */
export interface RunWatch {
  /** Is told when it begins to wait for a model elsewhere, and when that is over. */
  onWait(waiting: boolean): void;
}

/** What became of a request. */
export interface RunReply {
  /** The route and logits of each item, in the order of the request. */
  readonly items: readonly Walked[];
  /** Milliseconds that decoding an image took; 0 for what is not encoded. */
  readonly decodeMs: number;
}
