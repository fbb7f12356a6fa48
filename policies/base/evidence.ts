/** What a policy may look at: the outputs of the nodes run so far, never the label. */
export interface Evidence {
  /** Nodes in the order in which they ran, the current one last; empty at `start`. */
  readonly path: readonly string[];
  /** Unnormalised, finite scores of every node that has run, one per class. */
  readonly logits: ReadonlyMap<string, Float32Array>;
}

/** The pseudo-node at which a policy stands before any model has run. */
export const START = "start";

/**
 * Names a state as policy documents do.
 *
 * @param path Nodes run so far.
 * @returns The nodes joined by `>`, or `start` before any has run.
 */
export function stateKey(path: readonly string[]): string {
  return path.length === 0 ? START : path.join(">");
}
