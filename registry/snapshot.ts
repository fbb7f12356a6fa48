import {
  ALWAYS,
  bindPolicy,
  type BoundPolicy,
  parsePolicy,
  type PolicyDocument,
  PolicyError,
  type StoredPolicy,
} from "../policies/mod.ts";
import { InvalidInputError } from "./errors.ts";
import type { Graph } from "./graph.ts";
import type { PolicyChoice } from "./runtime/engine.ts";

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
  const node = name.startsWith(ALWAYS) ? name.slice(ALWAYS.length) : undefined;
  if (node === undefined || !graph.nodes.includes(node)) {
    const expected = graph.nodes.map((node) => `${ALWAYS}${node}`).join(", ");
    throw new InvalidInputError(
      "policy",
      `there is no policy ${JSON.stringify(name)}, expected one of ${expected}`,
    );
  }
  return { name, operatingPoint: null, choice: { always: node } };
}

/** A policy as it is served, and what the workers must hold for it. */
export interface ServedPolicy {
  /** The snapshot that requests take. */
  readonly snapshot: PolicySnapshot;
  /** The document behind it, under the snapshot's name; undefined for built-in policies. */
  readonly bound?: BoundPolicy | undefined;
}

/**
 * Chooses what serves a pair: the stored document if it fits the pair, else always the full model.
 *
 * @param pair Name of the pair.
 * @param graph Its graph.
 * @param models SHA-256 of its models by node.
 * @param stored The stored document, if there is one.
 * @returns The policy; `rejected` says why a stored document is not in use.
 */
export function choosePolicy(
  pair: string,
  graph: Graph,
  models: Readonly<Record<string, string>>,
  stored: StoredPolicy | undefined,
): ServedPolicy {
  const fallback = builtInPolicy(graph, `${ALWAYS}${graph.full}`);
  if (!stored) return { snapshot: fallback };
  try {
    const document = parsePolicy(stored.text);
    const bound = bindPolicy(document, { pair, models, successors: graph.successors });
    const id = `${pair}@${stored.version}`;
    const point = document.active;
    if (point.startsWith(ALWAYS)) {
      const { choice } = builtInPolicy(graph, point);
      return { snapshot: { name: id, operatingPoint: point, choice, document }, bound };
    }
    const choice = { id, point };
    return { snapshot: { name: id, operatingPoint: point, choice, document }, bound };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { snapshot: { ...fallback, rejected: error.message } };
  }
}
