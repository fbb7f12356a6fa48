import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type DecisionProblem, EXIT, type ProblemState } from "./problem.ts";
import { follow, type LearnStage, reduce } from "./reduce.ts";

/** A finite problem: what each node shows of each row is one of two symbols. */
interface Tiny {
  readonly problem: DecisionProblem;
  /** By state and row, everything seen so far: the evidence with recall. */
  readonly cells: readonly (readonly string[])[];
  readonly lambda: number;
}

interface Parts {
  readonly jumps: boolean;
  readonly costs: readonly number[];
  readonly lambda: number;
  readonly rows: readonly {
    readonly symbols: readonly number[];
    readonly loss: readonly number[];
  }[];
}

const NODES = ["a", "b", "c"];

/** Integers throughout, so that sums are exact and ties are ties. */
const anyParts: fc.Arbitrary<Parts> = fc.record({
  jumps: fc.boolean(),
  costs: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }),
  lambda: fc.integer({ min: 0, max: 20 }),
  rows: fc.array(
    fc.record({
      symbols: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 3, maxLength: 3 }),
      loss: fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

function tinyOf({ jumps, costs, lambda, rows }: Parts): Tiny {
  const paths = jumps
    ? [[], ["a"], ["a", "b"], ["a", "c"], ["a", "b", "c"]]
    : [[], ["a"], ["a", "b"], ["a", "b", "c"]];
  const actions = jumps
    ? [[1], [EXIT, 2, 3], [EXIT, 4], [EXIT], [EXIT]]
    : [[1], [EXIT, 2], [EXIT, 3], [EXIT]];
  const states = paths.map((path, index): ProblemState => {
    const node = NODES.indexOf(path.at(-1) ?? "");
    return {
      path,
      key: path.join(">"),
      cost: node < 0 ? 0 : costs[node]!,
      loss: node < 0 ? undefined : Float64Array.from(rows, ({ loss }) => loss[node]!),
      actions: actions[index]!,
    };
  });
  const cells = paths.map((path) =>
    rows.map(({ symbols }) => path.map((node) => symbols[NODES.indexOf(node)]).join(""))
  );
  return { problem: { count: rows.length, states }, cells, lambda };
}

/** Takes an action wherever that is cheaper on average over the rows that look the same. */
function tabular({ cells }: Tiny): LearnStage {
  return ({ state }, difference) => {
    const totals = new Map<string, number>();
    const own = cells[state]!;
    difference.forEach((more, row) => {
      totals.set(own[row]!, (totals.get(own[row]!) ?? 0) + more);
    });
    return Uint8Array.from(own, (cell) => Number(totals.get(cell)! <= 0));
  };
}

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

/** The least objective of all policies that map what has been seen to an action. */
function bruteForce({ problem, cells, lambda }: Tiny): number {
  const { states, count } = problem;
  const choices = states.flatMap(({ actions }, state) =>
    [...new Set(cells[state])].map((cell) => ({ key: `${state}:${cell}`, actions }))
  );
  const policy = new Map<string, number>();
  const objective = () => {
    let sum = 0;
    for (let row = 0; row < count; row++) {
      let state = 0;
      for (;;) {
        const action = policy.get(`${state}:${cells[state]![row]}`)!;
        if (action === EXIT) break;
        state = action;
        sum += states[state]!.cost;
      }
      sum += lambda * states[state]!.loss![row]!;
    }
    return sum;
  };
  const search = (index: number): number => {
    const choice = choices[index];
    if (!choice) return objective();
    return Math.min(...choice.actions.map((action) => {
      policy.set(choice.key, action);
      return search(index + 1);
    }));
  };
  return search(0);
}

Deno.test("reduce() finds the best of all policies for a table with recall, in chains and with jumps", () => {
  fc.assert(
    fc.property(anyParts, (parts) => {
      const tiny = tinyOf(parts);
      const { value, taken } = reduce(tiny.problem, tiny.lambda, tabular(tiny));
      assertEquals(total(value), bruteForce(tiny));
      const { cost, loss } = follow(tiny.problem, taken);
      assertEquals(total(cost) + tiny.lambda * total(loss), total(value));
    }),
    { numRuns: 60 },
  );
});

Deno.test("reduce() poses differences whose sum is what the objective changes by", () => {
  fc.assert(fc.property(anyParts, fc.infiniteStream(fc.boolean()), (parts, coins) => {
    const { problem, lambda } = tinyOf(parts);
    // Any decisions; then the last stage learned, the root's exit, turned round.
    const choices = new Map<string, Uint8Array>();
    const learn: LearnStage = ({ state, position }) => {
      const chosen = Uint8Array.from({ length: problem.count }, () => Number(coins.next().value));
      choices.set(`${state}:${position}`, chosen);
      return chosen;
    };
    const before = reduce(problem, lambda, learn);
    let saved = 0;
    const after = reduce(problem, lambda, ({ state, position }, difference) => {
      const chosen = choices.get(`${state}:${position}`)!;
      if (state !== 1 || position !== 0) return chosen;
      const turned = chosen.map((take) => 1 - take);
      difference.forEach((more, row) => saved += more * (chosen[row]! - turned[row]!));
      return turned;
    });
    assertEquals(total(before.value) - total(after.value), saved);
  }));
});

Deno.test("reduce() always exits at the root when loss has no price", () => {
  fc.assert(fc.property(anyParts, (parts) => {
    const tiny = tinyOf({ ...parts, lambda: 0 });
    const { taken } = reduce(tiny.problem, 0, tabular(tiny));
    assertEquals([...new Set(follow(tiny.problem, taken).exit)], [1]);
  }));
});

Deno.test("reduce() loses nothing at any price for a class that tells all rows apart", () => {
  fc.assert(fc.property(anyParts, (parts) => {
    // Clipped losses, none at the full model, and rows that look different.
    const rows = parts.rows.slice(0, 4).map(({ loss: [a, b] }, row) => ({
      symbols: [row, row, row],
      loss: [Math.max(0, a!), Math.max(0, b!), 0],
    }));
    const tiny = tinyOf({ ...parts, rows, lambda: 1e6 });
    const { taken } = reduce(tiny.problem, tiny.lambda, tabular(tiny));
    assertEquals(total(follow(tiny.problem, taken).loss), 0);
  }));
});

Deno.test("reduce() exits where exiting and going on cost the same", () => {
  const row = { symbols: [0, 0, 0], loss: [1, 0, 0] };
  const tiny = tinyOf({ jumps: false, costs: [1, 3, 5], lambda: 3, rows: [row] });
  const { taken } = reduce(tiny.problem, 3, tabular(tiny));
  assertEquals([...follow(tiny.problem, taken).exit], [1]);
});

Deno.test("reduce() never exits at a copy of the node before it", () => {
  fc.assert(fc.property(anyParts, (parts) => {
    // b answers as a does and shows nothing new.
    const rows = parts.rows.map(({ symbols: [a, , c], loss: [x, , z] }) => ({
      symbols: [a!, a!, c!],
      loss: [x!, x!, z!],
    }));
    const tiny = tinyOf({ ...parts, rows, jumps: true });
    const { taken } = reduce(tiny.problem, tiny.lambda, tabular(tiny));
    const { exit, reached } = follow(tiny.problem, taken);
    assert(!exit.includes(2));
    assert(!reached[2]![0]!.includes(1));
  }));
});
