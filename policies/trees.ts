import type { TreesDecider, TreesScore } from "./document.ts";
import type { DeciderView, Score } from "./view.ts";

/**
 * Looks at a decider of decision trees.
 *
 * @param decider The decider.
 * @returns What the other modules need to know of it.
 */
export function viewTrees({ features, actions, scores }: TreesDecider): DeciderView {
  return {
    features: features.map((value, index) => ({ value, at: ["features", index] })),
    actions: actions.map((value, index) => ({ value, at: ["actions", index] })),
    scores: scores.map(compileTrees),
    sign: 1,
    ordered: false,
  };
}

/**
 * Prepares the sum of the trees.
 *
 * @param score The trees; the lengths of their arrays fit each other.
 * @returns Walks every tree: microseconds.
 */
export function compileTrees({ bias, depth, inputs, cuts, leaves }: TreesScore): Score {
  const leafCount = 2 ** depth;
  const splitCount = leafCount - 1;
  const trees = leaves.length / leafCount;
  return (values) => {
    let score = bias;
    for (let tree = 0; tree < trees; tree++) {
      const first = tree * splitCount;
      // The children of split i are 2i + 1 and 2i + 2; what would be split 2^d − 1 + j is leaf j.
      let at = 0;
      while (at < splitCount) {
        const value = values[inputs[first + at] as number] as number;
        at = 2 * at + (value < (cuts[first + at] as number) ? 1 : 2);
      }
      score += leaves[tree * leafCount + at - splitCount] as number;
    }
    return score;
  };
}
