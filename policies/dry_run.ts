import type { BoundPolicy } from "./bind.ts";
import { viewDecider } from "./decider.ts";
import type { Decider } from "./document.ts";
import { jsonPointer, PolicyError } from "./base/errors.ts";
import { type Evidence, START, stateKey } from "./base/evidence.ts";
import { compileFeatures } from "./features.ts";
import { compileSelector } from "./selector.ts";
import type { DecidedState } from "./states.ts";

/** What networks have answered to one input: logits by node, of all nodes or of those that ran. */
export type RecordedEvidence = Evidence["logits"];

/** Where an operating point led the recorded inputs. */
export interface PointPaths {
  /** The operating point. */
  readonly id: string;
  /** How many inputs took each path to its exit, such as `small>large`. */
  readonly paths: Readonly<Record<string, number>>;
  /** How many went on to a node whose answer was not recorded. */
  readonly unknown: number;
}

/**
 * Follows every operating point of a policy over recorded evidence, as requests would.
 *
 * @param policy A policy that fits its pair.
 * @param recorded The evidence.
 * @returns What each point did.
 * @throws {PolicyError} At stage `dry_run` if a score is not a finite number there.
 */
export function dryRun(policy: BoundPolicy, recorded: readonly RecordedEvidence[]): PointPaths[] {
  const checks = policy.states.filter((state) => "decider" in state)
    .map((state) => [stateKey(state.path), scoreCheckOf(policy, state)] as const);
  const checkAt = new Map(checks);
  return policy.document.points.map(({ id }) => {
    const selector = compileSelector(policy, id);
    const paths: Record<string, number> = {};
    let unknown = 0;
    for (const answers of recorded) {
      const path: string[] = [];
      const logits = new Map<string, Float32Array>();
      for (let node = START;;) {
        checkAt.get(stateKey(path))?.(logits);
        const action = selector.decide(node, { path, logits });
        if (action === "exit") {
          const key = stateKey(path);
          paths[key] = (paths[key] ?? 0) + 1;
          break;
        }
        const answer = answers.get(action);
        if (!answer) {
          unknown++;
          break;
        }
        path.push(action);
        logits.set(action, answer);
        node = action;
      }
    }
    return { id, paths, unknown };
  });
}

/** The schema bounds what a score is made of; this holds whatever class of decider is added to it. */
function scoreCheckOf(
  { document }: BoundPolicy,
  state: DecidedState,
): (logits: Evidence["logits"]) => void {
  const decider = document.nodes[state.decider] as Decider;
  const { features, scores } = viewDecider(decider);
  const names = features.map(({ value }) => value);
  const read = compileFeatures(names, state.path, decider.temperature, document.combine);
  return (logits) => {
    const values = read(logits);
    scores.forEach((score, index) => {
      const value = score(values);
      if (Number.isFinite(value)) return;
      const shown = names.map((name, at) => `${name} ${values[at]}`).join(", ");
      throw new PolicyError(
        "dry_run",
        jsonPointer(["nodes", state.decider, ...("scores" in decider ? ["scores", index] : [])]),
        `the score is ${value} at ${shown}, expected a finite number`,
      );
    });
  };
}
