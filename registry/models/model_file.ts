/** The bytes of a model and their hash. */
export interface ModelFile {
  /** The ONNX file; the description of a model that is elsewhere. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the file in lower-case hex; of a model elsewhere, what policies bind to. */
  readonly sha256: string;
  /**
   * What tells its session from others.
   *
   * @default the hash
   */
  readonly key?: string | undefined;
}
