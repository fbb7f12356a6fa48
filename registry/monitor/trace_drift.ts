import type { OperatingPoint, PolicyDocument } from "../../policies/mod.ts";
import {
  binOf,
  confidenceReference,
  type DriftReport,
  DriftWatch,
  exitReference,
  type Look,
} from "../../policies/watch/mod.ts";
import type { RoutedItem } from "../walk/walked.ts";

/** What is served, and what its trace looked like. */
export interface TraceDriftOptions {
  /** The document; undefined for a built-in policy. */
  readonly document: PolicyDocument | undefined;
  /** The operating point that is served, if the document lists it. */
  readonly point: OperatingPoint | undefined;
  /** Nodes of the pair. */
  readonly nodes: readonly string[];
  /** Chance of a false alarm. */
  readonly delta: number;
}

/** Watches whether exits and confidence of live traffic are those of the trace. */
export class TraceDrift {
  readonly #nodes: readonly string[];
  readonly #hasExits: boolean;
  readonly #confidence: PolicyDocument["confidence"];
  readonly #watch: DriftWatch | undefined;

  /** Nothing is watched that the document does not know of its trace. */
  constructor({ document, point, nodes, delta }: TraceDriftOptions) {
    this.#nodes = nodes;
    this.#hasExits = point?.exits !== undefined;
    this.#confidence = document?.confidence;
    const references = [
      ...(point?.exits ? [exitReference(countsOf(point.exits, nodes))] : []),
      ...(this.#confidence ? [confidenceReference(this.#confidence)] : []),
    ];
    if (references.length > 0) this.#watch = new DriftWatch(references, delta);
  }

  /**
   * Looks at an input that was answered.
   *
   * @returns What is seen each time that enough has been observed for a look.
   */
  observe({ path, exit, confidence: value, degraded }: RoutedItem): readonly Look[] {
    const watch = this.#watch;
    if (!watch) return [];
    const confidence = this.#confidence;
    const chosen = degraded?.node ?? exit;
    const isKnown = degraded === undefined || chosen === this.#nodes.at(-1);
    const looks = [
      this.#hasExits && isKnown ? watch.observe("exits", this.#nodes.indexOf(chosen)) : null,
      // Another network may run first, as after a fall-back to the full model.
      confidence && path[0] === confidence.node
        ? watch.observe(`confidence of ${confidence.node}`, binOf(value, confidence.edges))
        : null,
    ];
    return looks.filter((look) => look !== null);
  }

  /** What has been seen; null if nothing is watched. */
  report(): DriftReport | null {
    return this.#watch?.report() ?? null;
  }
}

function countsOf(
  exits: Readonly<Record<string, number>>,
  nodes: readonly string[],
): Record<string, number> {
  return Object.fromEntries(nodes.map((node) => [node, exits[node] ?? 0]));
}
