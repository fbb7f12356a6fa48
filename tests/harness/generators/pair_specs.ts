import type { GraphSpec, PairSpec } from "../../../registry/pair/pair_spec.ts";

/** What a test may change in {@linkcode pairOf}. */
export interface PairOfOptions {
  /**
   * The models in the order of declaration.
   *
   * @default the nodes of the graph
   */
  readonly models?: readonly string[] | undefined;
  /** What the inputs of models read, by node. */
  readonly inputs?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/**
 * A pair for tests, of two labels and an input `image` of shape [1, 2, 2].
 *
 * @param graph Its graph.
 * @param options Other models than the nodes of the graph; what models read.
 * @returns The pair, which nobody has checked.
 */
export function pairOf(graph: GraphSpec, options: PairOfOptions = {}): PairSpec {
  const { models = Object.keys(graph).filter((node) => node !== "start"), inputs = {} } = options;
  return {
    name: "test",
    labels: ["no", "yes"],
    input: { name: "image", datatype: "FP32", shape: [1, 2, 2] },
    models: Object.fromEntries(
      models.map((node) => [node, { source: `./${node}.onnx`, inputs: inputs[node] }]),
    ),
    graph,
  };
}

/** A clock that stands still until it is told otherwise. */
export interface FakeClock extends Disposable {
  /** Lets time pass. */
  advance(ms: number): void;
}

/** Puts a fake clock in the place of `performance.now()` until it is disposed of. */
export function fakeClock(): FakeClock {
  const original = performance.now;
  let now = 1000;
  performance.now = () => now;
  return {
    advance: (ms) => now += ms,
    [Symbol.dispose]: () => {
      performance.now = original;
    },
  };
}

const realSetTimeout = setTimeout;

/** Lets everything go on that waits for promises or for timers without delay. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((go) => realSetTimeout(go, 0));
}

/** Timers that only go off when they are told to. */
export interface FakeTimers extends Disposable {
  /** Milliseconds for which each timer was set, those that went off included. */
  readonly delays: readonly number[];
  /** How many timers are set now. */
  readonly pending: number;
  /** Lets all timers go off that are set now, and everything go on that waited for them. */
  fire(): Promise<void>;
}

/** Puts fake timers in the place of `setTimeout()` until they are disposed of. */
export function fakeTimers(): FakeTimers {
  const { setTimeout, clearTimeout } = globalThis;
  const delays: number[] = [];
  const waiting = new Map<number, () => void>();
  globalThis.setTimeout = ((run: () => void, ms = 0) => {
    waiting.set(delays.push(ms), run);
    return delays.length;
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = (id) => void waiting.delete(id as number);
  return {
    delays,
    get pending() {
      return waiting.size;
    },
    fire: async () => {
      const due = [...waiting.values()];
      waiting.clear();
      for (const run of due) run();
      await settle();
    },
    [Symbol.dispose]: () => void Object.assign(globalThis, { setTimeout, clearTimeout }),
  };
}
