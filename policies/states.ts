import { viewDecider } from "./decider.ts";
import type { Decider, PolicyDocument } from "./document.ts";
import { jsonPointer, PolicyError } from "./base/errors.ts";
import { START, stateKey } from "./base/evidence.ts";
import { resolveFeature } from "./features.ts";
import type { Action } from "./view.ts";

/** Where a policy can stand: the path so far, and what to do there. */
export type State = DecidedState | FixedState;

/** A state at which a decider chooses. */
export interface DecidedState {
  /** Nodes run so far, the current one last; empty at `start`. */
  readonly path: readonly string[];
  /** Key of the decider in {@linkcode PolicyDocument.nodes}. */
  readonly decider: string;
}

/** A state with one possible action: exit at the full model, or go to the graph's only first node. */
export interface FixedState {
  /** Nodes run so far, the current one last; empty at `start`. */
  readonly path: readonly string[];
  /** The action. */
  readonly action: Action;
}

/** A policy that leads along more paths than this is refused, so that binding stays fast. */
const MAX_STATES = 4096;

/**
 * Follows a policy from `start` along every action that it may choose.
 *
 * @param document The policy; its actions are edges of the graph.
 * @param successors What may follow each node, `start` included.
 * @returns Every state that the policy can lead to, `start` first.
 * @throws {PolicyError} At stage `bind` if a state has no decider, or its decider reads a node that
 * has not run there.
 */
export function findStates(
  document: PolicyDocument,
  successors: ReadonlyMap<string, readonly string[]>,
): State[] {
  const deciders = new Map(Object.entries(document.nodes));
  const states: State[] = [];
  const visit = (path: readonly string[]) => {
    if (states.length === MAX_STATES) {
      throw new PolicyError("bind", "/nodes", `expected at most ${MAX_STATES} paths, got more`);
    }
    const node = path.at(-1) ?? START;
    const key = [stateKey(path), node].find((candidate) => deciders.has(candidate));
    const state = key === undefined
      ? { path, action: onlyAction(path, successors.get(node) ?? []) }
      : { path, decider: key };
    states.push(state);
    for (const action of actionsAt(state, deciders)) {
      if (action !== "exit") visit([...path, action]);
    }
  };
  visit([]);
  return states;
}

function onlyAction(path: readonly string[], next: readonly string[]): Action {
  const [first, ...others] = next;
  if (first === undefined) return "exit";
  if (path.length === 0 && others.length === 0) return first;
  const node = path.at(-1) ?? START;
  const reason = `missing, expected a decider: the policy leads to ${stateKey(path)}`;
  throw new PolicyError("bind", jsonPointer(["nodes", node]), reason);
}

function actionsAt(state: State, deciders: ReadonlyMap<string, Decider>): readonly Action[] {
  if ("action" in state) return [state.action];
  const view = viewDecider(deciders.get(state.decider) as Decider);
  for (const { value, at } of view.features) {
    try {
      resolveFeature(value, state.path);
    } catch (cause) {
      const pointer = jsonPointer(["nodes", state.decider, ...at]);
      throw new PolicyError("bind", pointer, (cause as RangeError).message, { cause });
    }
  }
  return view.actions.map(({ value }) => value);
}
