import { ALWAYS_PREFIX, type PolicyDocument } from "../../policies/mod.ts";
import { InvalidInputError } from "../base/errors.ts";
import type { Graph } from "../pair/graph_inputs.ts";
import type { PolicyChoice } from "../runtime/requests.ts";

/** The policy that serves a pair at one moment; it never changes. */
export interface PolicySnapshot {
  /** `<pair>@<version>`, or `always:<node>` for a built-in policy. */
  readonly name: string;
  /** The operating point in use; null for built-in policies. */
  readonly operatingPoint: string | null;
  /** What the workers are told. */
  readonly choice: PolicyChoice;
  /** The document behind it; undefined for built-in policies. */
  readonly document?: PolicyDocument | undefined;
  /** Under which the workers retain the document; undefined for built-in policies. */
  readonly id?: string | undefined;
  /** The point that is tried in the background, after a fall-back to the full model. */
  readonly probation?: string | undefined;
  /** Why the stored document is not in use, if there is one that was refused. */
  readonly rejected?: string | undefined;
}

/**
 * A built-in policy, which needs no document.
 *
 * @param graph The pair's graph.
 * @param name `always:<node>`.
 * @returns The policy.
 * @throws {InvalidInputError} If there is no such policy.
 */
export function builtInPolicy(graph: Graph, name: string): PolicySnapshot {
  const node = name.startsWith(ALWAYS_PREFIX) ? name.slice(ALWAYS_PREFIX.length) : undefined;
  if (node === undefined || !graph.nodes.includes(node)) {
    const expected = graph.nodes.map((node) => `${ALWAYS_PREFIX}${node}`).join(", ");
    throw new InvalidInputError(
      "policy",
      `there is no policy ${JSON.stringify(name)}, expected one of ${expected}`,
    );
  }
  return { name, operatingPoint: null, choice: { always: node } };
}

/** What {@linkcode snapshotOf} makes a snapshot of. */
export interface SnapshotSource {
  /** `<pair>@<version>`. */
  readonly name: string;
  /** Under which the workers retain the document. */
  readonly id: string;
  /** The document, which fits the pair. */
  readonly document: PolicyDocument;
  /** The pair's graph. */
  readonly graph: Graph;
  /** The point that is tried in the background. */
  readonly probation?: string | undefined;
}

/**
 * The snapshot of a document at its active point.
 *
 * @param source What is served.
 * @returns The snapshot.
 */
export function snapshotOf(
  { name, id, document, graph, probation }: SnapshotSource,
): PolicySnapshot & { readonly id: string } {
  const point = document.active;
  const choice = point.startsWith(ALWAYS_PREFIX)
    ? builtInPolicy(graph, point).choice
    : { id, point };
  const tried = document.points.some((other) => other.id === probation) ? { probation } : {};
  return { name, operatingPoint: point, choice, document, id, ...tried };
}
