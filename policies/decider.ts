import type { Decider } from "./document.ts";
import { viewLinear } from "./linear.ts";
import { viewThreshold } from "./threshold.ts";
import { viewTrees } from "./trees.ts";
import type { DeciderView } from "./view.ts";

/**
 * Looks at a decider of any class.
 *
 * @param decider The decider.
 * @returns What the other modules need to know of it.
 */
export function viewDecider(decider: Decider): DeciderView {
  switch (decider.class) {
    case "threshold":
      return viewThreshold(decider);
    case "linear":
      return viewLinear(decider);
    case "trees":
      return viewTrees(decider);
  }
}
