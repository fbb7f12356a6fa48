/** A plugin that cannot be served. The other pairs are not affected. */
export class PluginError extends Error {
  /** Dotted path of the offending field in `pair.ts`, such as `models.large.sha256`. */
  readonly field: string;
  /** What is wrong: the value and what was expected. */
  readonly reason: string;

  /** Describes what is wrong with which field. */
  constructor(field: string, reason: string, options?: ErrorOptions) {
    super(`${field}: ${reason}`, options);
    this.name = "PluginError";
    this.field = field;
    this.reason = reason;
  }
}

/** A function of a plugin that failed, or gave what cannot be used. */
export class PluginCodeError extends Error {
  /** Dotted path of the function in `pair.ts`, such as `models.large.preprocess`. */
  readonly field: string;
  /** The pair, the node and what happened. */
  readonly reason: string;

  /** Describes what happened in which function. */
  constructor(field: string, reason: string, options?: ErrorOptions) {
    super(`${field}: ${reason}`, options);
    this.name = "PluginCodeError";
    this.field = field;
    this.reason = reason;
  }
}

/** The name of a pair that is not registered. */
export class UnknownPairError extends RangeError {
  /** Names the pair that was asked for and those that exist. */
  constructor(name: string, known: readonly string[]) {
    super(
      `Cannot find pair ${JSON.stringify(name)}: expected one of ${known.join(", ") || "(none)"}`,
    );
    this.name = "UnknownPairError";
  }
}

/** A pair that is still loading or has failed to load. */
export class PairNotReadyError extends Error {
  /** Whether waiting can help: the pair is still loading. */
  readonly loading: boolean;

  /** Names the pair and why it cannot answer. */
  constructor(name: string, reason: string, loading: boolean) {
    super(`Cannot use pair ${JSON.stringify(name)}: ${reason}`);
    this.name = "PairNotReadyError";
    this.loading = loading;
  }
}

/** A request whose input does not fit the pair. */
export class InvalidInputError extends TypeError {
  /** The part of the request at fault, such as `shape` or `inputs[0].data`. */
  readonly field: string;
  /** What is wrong: the value and what was expected. */
  readonly reason: string;

  /** Names the field, its value and what was expected. */
  constructor(field: string, reason: string) {
    super(`${field}: ${reason}`);
    this.name = "InvalidInputError";
    this.field = field;
    this.reason = reason;
  }
}

/** A node whose model is elsewhere and does not answer as it should. */
export class NodeUnavailableError extends Error {
  /** The node. */
  readonly node: string;
  /** What happened. */
  readonly reason: string;
  /** Whether only this input was refused: the node may answer others. */
  readonly refused: boolean;

  /** Names the node and says what happened. */
  constructor(node: string, reason: string, refused = false) {
    super(`Cannot run ${node}: ${reason}`);
    this.name = "NodeUnavailableError";
    this.node = node;
    this.reason = reason;
    this.refused = refused;
  }
}

/** A node whose answer cannot be used, because its logits are not finite. */
export class NotFiniteError extends Error {
  /** The node. */
  readonly node: string;

  /** Names the node. */
  constructor(node: string) {
    super(`Cannot use the answer of ${node}: its logits are not finite`);
    this.name = "NotFiniteError";
    this.node = node;
  }
}

/** All workers are busy and the queue is full. */
export class QueueFullError extends Error {
  /** Says how long the queue is. */
  constructor(capacity: number) {
    super(`Cannot take the request: ${capacity} requests are waiting already`);
    this.name = "QueueFullError";
  }
}

/** A pair that has no policy document, or no canary. */
export class NoPolicyError extends Error {
  /** Names the pair and what serves instead. */
  constructor(pair: string, serves: string, what: "policy" | "canary" = "policy") {
    super(`Cannot find a ${what} of ${pair}: no document is stored, ${serves} serves`);
    this.name = "NoPolicyError";
  }
}

/** A request that nothing is known of, or not any longer. */
export class UnknownRequestError extends RangeError {
  /** Names the request and says how long requests are remembered. */
  constructor(id: string, { capacity, ms }: { readonly capacity: number; readonly ms: number }) {
    super(
      `Cannot find request ${JSON.stringify(id)}: the latest ${capacity} inputs are remembered, ` +
        `for ${ms / 1000} s`,
    );
    this.name = "UnknownRequestError";
  }
}
