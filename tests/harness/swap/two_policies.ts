import type { PolicyDocument } from "../../../policies/mod.ts";

/** A policy that always goes on to the full model, or one that mostly stops at the first. */
export type Kind = "safe" | "fast";

/** By so much the weights of one version differ from those of the version before it. */
const STEP = 1e-4;

/**
 * One of two very different policies out of a pair's document: at the first point the answer is the mean
 * of all logits, at the last it is a share of the last node's. Weights depend on the serial, so that the
 * numbers of an answer tell which version has made it, not only which of the two policies.
 *
 * @param document The document, whose points go from the safest to the fastest.
 * @param successors What may follow each node of the pair's graph.
 * @param kind Which of the two.
 * @param serial Another number for every version, below 1000.
 * @returns The text of the document.
 */
export function policyText(
  document: PolicyDocument,
  successors: Readonly<Record<string, readonly string[]>>,
  kind: Kind,
  serial: number,
): string {
  const scale = 1 - serial * STEP;
  const weights = pathsFrom("start", successors).map((path) => {
    const last = path.length - 1;
    const own = path.map((_, index) => {
      if (kind === "safe") return scale / path.length;
      return index === last ? 0.9 * scale : 0;
    });
    return [path.join(">"), own] as const;
  });
  const point = document.points.at(kind === "safe" ? 0 : -1);
  return JSON.stringify({
    ...document,
    active: point?.id,
    combine: { weights: Object.fromEntries(weights) },
    // Nothing is proved of another pool.
    certified: false,
  });
}

function pathsFrom(
  node: string,
  successors: Readonly<Record<string, readonly string[]>>,
): string[][] {
  return (successors[node] ?? []).flatMap((next) => [
    [next],
    ...pathsFrom(next, successors).map((path) => [next, ...path]),
  ]);
}
