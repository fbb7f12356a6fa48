export type { LossKind } from "../../document.ts";

/** A way of combining answers; `learned` gets its weights from the trace. */
export type CombineKind = "last" | "mean" | "learned";

/** What scores and thresholds are learned from: the labels, or the labels softened by the full model. */
export type Targets = "labels" | "softened";

/** What a network's answers to a data set are: the data that policies are learned from. */
export interface Trace {
  /** Name of the pair. */
  readonly pair: string;
  /** Nodes, each after those that lead to it. */
  readonly nodes: readonly string[];
  /** What may follow each node, `start` included. */
  readonly successors: Readonly<Record<string, readonly string[]>>;
  /** For each node, the nodes that must have run before its own answer: what it reads. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** The full model: the graph's single sink. */
  readonly full: string;
  /** SHA-256 of every model, in hex, by node. */
  readonly models: Readonly<Record<string, string>>;
  /** Number of classes. */
  readonly classes: number;
  /** Number of examples, n. */
  readonly count: number;
  /** Index of the right class, length n; absent where labels are unknown. */
  readonly labels?: Int32Array | undefined;
  /** Logits by node, n × classes, row-major. */
  readonly logits: Readonly<Record<string, Float32Array>>;
  /** Milliseconds of compute by node: median, warm, batch 1, on the serving runtime. */
  readonly cost: Readonly<Record<string, number>>;
  /** The tenth of the runs that was fastest, and slowest, by node: bounds in milliseconds, if known. */
  readonly spread?: Readonly<Record<string, readonly [p10: number, p90: number]>> | undefined;
  /** Where the costs were measured: backend, machine, number of workers. */
  readonly measured: string;
  /** A name for every example, length n. */
  readonly ids: readonly string[];
  /** For every example, 0: policies may be learned and certified on it; 1: only for reports. */
  readonly part: Uint8Array;
}

/** What a policy does on rows of a trace; arrays are in the order of the rows. */
export interface Outcome {
  /** Milliseconds of the nodes run, the policy's own time included. */
  readonly cost: Float64Array;
  /** Index into {@linkcode Trace.nodes} of the exit. */
  readonly exit: Int32Array;
  /** Top class of the answer. */
  readonly answer: Int32Array;
  /** 1 where the right class is the top class of the answer. */
  readonly right: Uint8Array;
  /** How many classes score higher than the right one; `Infinity` where it is not known. */
  readonly rank: Float64Array;
}
