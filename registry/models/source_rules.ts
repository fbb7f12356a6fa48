/** What a model may be that is read from the network. */
export interface SourceRules {
  /** Most bytes of one model: `SLUICE_MAX_MODEL_BYTES`. */
  readonly maxBytes: number;
  /** Whether it may be at a private address, and there be read over plain http: `SLUICE_PRIVATE_SOURCES`. */
  readonly privateSources: boolean;
}

/**
 * The rules unless settings say otherwise. 256 MiB: a server of two workers takes 430 MB, and the smallest
 * common instances have 768; a larger model would not fit beside it.
 */
export const DEFAULT_SOURCE_RULES: SourceRules = {
  maxBytes: 256 * 1024 ** 2,
  privateSources: false,
};
