import type { GraphSpec, PairSpec } from "./pair_spec.ts";

/**
 * Declares a pair. The result is plain data; it is checked when the pair is loaded.
 *
 * @param spec The pair.
 * @returns The same pair.
 */
export function definePair(spec: PairSpec): PairSpec {
  return spec;
}

/**
 * The graph in which each node may only be followed by the next.
 *
 * @param nodes The nodes from cheap to expensive.
 * @returns The graph, ready for {@linkcode PairSpec.graph}.
 *
 * @example Three models in a row
 * ```ts
 * import { chain } from "sluice";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(chain("small", "large"), { small: ["large"], large: [] });
 * ```
 */
export function chain(...nodes: string[]): GraphSpec {
  return Object.fromEntries(nodes.map((node, index) => [node, nodes.slice(index + 1, index + 2)]));
}
