import { type DecisionProblem, EXIT, type ProblemState } from "./problem.ts";

/**
 * A binary decision. Of a state's actions it takes the one at its position, or leaves the choice to
 * those after it.
 */
export interface Stage {
  /** Index of the state. */
  readonly state: number;
  /** Index of the action that is taken or not. */
  readonly position: number;
}

/** A value for every stage, by index of state and position. */
export type ByStage<T> = readonly (readonly T[])[];

/**
 * Learns one stage.
 *
 * @param stage The stage; those after it are learned already.
 * @param difference E − G per row: what taking the action costs more than leaving it, in
 * milliseconds. The label is its sign and the weight its size.
 * @returns 1 for every row that takes the action.
 */
export type LearnStage = (stage: Stage, difference: Float64Array) => Uint8Array;

/** A policy on the rows of a problem. */
export interface Reduced {
  /** Decisions on every row. */
  readonly taken: ByStage<Uint8Array>;
  /** Cost + λ · loss per row, from `start`, in milliseconds. */
  readonly value: Float64Array;
}

/**
 * Learns a policy bottom-up (Bolukbasi et al. 2017, section 4; Wang et al. 2015): deepest state
 * first, every decision with those after it fixed. The cost paid so far cancels. With several next
 * nodes, "this one or a later one" is learned first, then stopping against the learned
 * continuation. With those fixed, cost + λ · loss is a constant plus the sum of the differences of
 * the rows that take the action: weighted classification, exactly.
 *
 * @param problem The problem.
 * @param lambda Price λ of one unit of loss, milliseconds.
 * @param learn Learns one stage.
 * @returns The policy.
 */
export function reduce(problem: DecisionProblem, lambda: number, learn: LearnStage): Reduced {
  const { count, states } = problem;
  const values: Float64Array[] = [];
  const taken: Uint8Array[][] = states.map(() => []);
  for (let state = states.length - 1; state >= 0; state--) {
    const worth = (states[state] as ProblemState).actions.map((action) =>
      action === EXIT ? exitValue(problem, state, lambda) : goValue(problem, action, values)
    );
    let value = worth.at(-1) ?? new Float64Array(count);
    for (let position = worth.length - 2; position >= 0; position--) {
      const own = worth[position] as Float64Array;
      const rest = value;
      const difference = new Float64Array(count);
      for (let row = 0; row < count; row++) difference[row] = own[row]! - rest[row]!;
      const chosen = learn({ state, position }, difference);
      taken[state]![position] = chosen;
      value = new Float64Array(count);
      for (let row = 0; row < count; row++) value[row] = chosen[row] ? own[row]! : rest[row]!;
    }
    values[state] = value;
  }
  return { taken, value: values[0] ?? new Float64Array(count) };
}

function exitValue({ states }: DecisionProblem, state: number, lambda: number): Float64Array {
  const loss = states[state]?.loss as Float64Array;
  const value = new Float64Array(loss.length);
  for (let row = 0; row < value.length; row++) value[row] = lambda * loss[row]!;
  return value;
}

function goValue(
  { states }: DecisionProblem,
  to: number,
  values: readonly Float64Array[],
): Float64Array {
  const { cost } = states[to] as ProblemState;
  const ahead = values[to] as Float64Array;
  const value = new Float64Array(ahead.length);
  for (let row = 0; row < value.length; row++) value[row] = cost + ahead[row]!;
  return value;
}

/** What a policy does on the rows of a problem. */
export interface Followed {
  /** By stage, 1 for every row that comes to it. */
  readonly reached: ByStage<Uint8Array>;
  /** Index of the state at which each row exits. */
  readonly exit: Int32Array;
  /** Milliseconds per row. */
  readonly cost: Float64Array;
  /** Loss per row. */
  readonly loss: Float64Array;
}

/**
 * Follows a policy from `start`.
 *
 * @param problem The problem.
 * @param taken Decisions on every row.
 * @returns What happens on every row.
 */
export function follow({ count, states }: DecisionProblem, taken: ByStage<Uint8Array>): Followed {
  const exit = new Int32Array(count);
  const cost = new Float64Array(count);
  const loss = new Float64Array(count);
  const reached = states.map(({ actions }) => actions.slice(1).map(() => new Uint8Array(count)));
  for (let row = 0; row < count; row++) {
    for (let state = 0; state !== EXIT;) {
      const { actions, loss: own } = states[state] as ProblemState;
      exit[row] = state;
      loss[row] = own?.[row] as number;
      let position = 0;
      for (; position < actions.length - 1; position++) {
        (reached[state]?.[position] as Uint8Array)[row] = 1;
        if (taken[state]?.[position]?.[row]) break;
      }
      state = actions[position] as number;
      cost[row] = (cost[row] as number) + (states[state]?.cost ?? 0);
    }
  }
  return { reached, exit, cost, loss };
}
