import type { Registry } from "../registry/mod.ts";

/** Limits and origins that the routes enforce. */
export interface Limits {
  /** Largest request body in bytes. */
  readonly maxBodyBytes: number;
  /** Most pixels of an image, before decoding. */
  readonly maxPixels: number;
  /** Most items of an inference request. */
  readonly maxBatch: number;
  /** Origins that browsers may call from; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** Tokens that allow changes; none, and there are no changes. */
  readonly adminTokens: readonly string[];
}

/** What the routes need. */
export interface Services {
  /** The pairs. */
  readonly registry: Registry;
  /** Limits of requests. */
  readonly config: Limits;
}
