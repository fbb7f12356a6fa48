/**
 * Which nodes are run on several items at once. It belongs to loaded models and lives as long as they do, so
 * that what one request finds out of them spares the next.
 */
export class Batching {
  readonly #nodes: Set<string>;

  /**
   * Believes what the models say.
   *
   * @param nodes Nodes whose model says that it takes several items in one run.
   */
  constructor(nodes: Iterable<string> = []) {
    this.#nodes = new Set(nodes);
  }

  /** Whether a node is run on several items at once. */
  has(node: string): boolean {
    return this.#nodes.has(node);
  }

  /** Runs a node one by one from now on: its model turned out not to take several. */
  giveUp(node: string): void {
    this.#nodes.delete(node);
  }
}
