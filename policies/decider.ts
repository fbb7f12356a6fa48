import { z } from "zod";
import type { Decider } from "./document.ts";
import { linearClass } from "./linear.ts";
import { thresholdClass } from "./threshold.ts";
import { treesClass } from "./trees.ts";
import type { DeciderClass, DeciderView } from "./view.ts";

/** Every class of deciders, by the member `class` of its deciders. */
const CLASSES: {
  readonly [C in Decider["class"]]: DeciderClass<Extract<Decider, { readonly class: C }>>;
} = {
  threshold: thresholdClass,
  linear: linearClass,
  trees: treesClass,
};

type DeciderSchema = DeciderClass<Decider>["schema"];

/** What chooses an action at a node, of any class. */
export const deciderSchema: z.ZodType<Decider> = z.discriminatedUnion(
  "class",
  Object.values(CLASSES).map(({ schema }) => schema) as [DeciderSchema, ...DeciderSchema[]],
);

/**
 * Looks at a decider of any class.
 *
 * @param decider The decider.
 * @returns What the other modules need to know of it.
 */
export function viewDecider(decider: Decider): DeciderView {
  const own: DeciderClass<Decider> = CLASSES[decider.class];
  return own.view(decider);
}
