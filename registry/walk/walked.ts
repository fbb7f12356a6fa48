/** The route of one input and the answer at its end. */
export interface Walked {
  /** Nodes in the order in which they ran. */
  readonly path: readonly string[];
  /** The last node of the path. */
  readonly exit: string;
  /** The answer, one score per label: the exit's logits, unless the selector combines answers. */
  readonly logits: Float32Array;
  /** The largest probability of the first node's answer: how sure it was. */
  readonly confidence: number;
  /**
   * Wall-clock milliseconds of each node of the path; in a batch, its share of the node's runs. Those of a
   * node that is elsewhere include waiting for this thread, which others use meanwhile.
   */
  readonly nodes: readonly { readonly node: string; readonly ms: number }[];
  /** Why the input did not go the way that the policy chose, if it did not. */
  readonly degraded?: Degraded | undefined;
}

/** What kept an input from going on. */
export interface Degraded {
  /** The node that was chosen and could not run. */
  readonly node: string;
  /** What happened. */
  readonly reason: string;
}

/** The route of one item with what it cost. */
export interface RoutedItem extends Walked {
  /** Sum of the costs of the nodes that ran, in the pair's unit. */
  readonly cost: number;
}
