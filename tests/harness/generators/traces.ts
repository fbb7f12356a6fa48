import { logitsAt, type Trace } from "../../../policies/learn/trace/mod.ts";
import { type Random, seededRandom, shuffle } from "../../../policies/learn/stats/mod.ts";
import { allRows } from "../../../policies/learn/replay/mod.ts";

/** Options of {@linkcode syntheticTrace}. */
export interface SyntheticOptions {
  /** @default 4000 */
  readonly count?: number;
  /** @default 10 */
  readonly classes?: number;
  /** @default 1 */
  readonly seed?: number;
  /** How much each node errs on its own, cheapest first; the last is the full model. */
  readonly noise?: Readonly<Record<string, number>>;
  /** Milliseconds of each node. */
  readonly cost?: Readonly<Record<string, number>>;
  /** What may follow each node; by default small → medium, large; medium → large. */
  readonly successors?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Invents a trace that looks like three networks of 92%, 93.5% and 94.8% accuracy: inputs differ in
 * how hard they are for all networks, classes come in pairs that are mistaken for each other, some
 * pairs more often, and every network errs on its own as well.
 *
 * @param options See {@linkcode SyntheticOptions}.
 * @returns The trace, a function of the options alone.
 */
export function syntheticTrace({
  count = 4000,
  classes = 10,
  seed = 1,
  noise = { small: 1.75, medium: 1.3, large: 0.8 },
  cost = { small: 0.12, medium: 0.7, large: 6 },
  successors = { start: ["small"], small: ["medium", "large"], medium: ["large"], large: [] },
}: SyntheticOptions = {}): Trace {
  const random = seededRandom(seed);
  const labels = Int32Array.from({ length: count }, () => random.below(classes));
  const hardness = Float64Array.from(labels, (label) => {
    return -Math.log(1 - random.uniform()) * (label % 4 < 2 ? 1.6 : 0.7);
  });
  const logits = Object.fromEntries(
    Object.entries(noise).map(([node, own]) => {
      const values = new Float32Array(count * classes);
      hardness.forEach((hard, row) => {
        const margin = 4.3 - hard + own * random.normal();
        answer(logitsAt(values, row, classes), labels[row] as number, margin, random);
      });
      return [node, values];
    }),
  );
  return buildTrace({ labels, logits, cost, successors, classes });
}

/**
 * Puts a trace together.
 *
 * @param parts Arrays of the trace; logits cheapest node first.
 * @returns The trace; the last node is the full model.
 */
export function buildTrace(
  parts: Pick<Trace, "labels" | "logits" | "cost" | "successors" | "classes">,
): Trace {
  const nodes = Object.keys(parts.logits);
  const count = (parts.logits[nodes[0] as string] as Float32Array).length / parts.classes;
  return {
    ...parts,
    pair: "synthetic",
    nodes,
    reads: Object.fromEntries(nodes.map((node) => [node, []])),
    full: nodes.at(-1) as string,
    models: Object.fromEntries(nodes.map((node, index) => [node, `${index}`.repeat(64)])),
    count,
    measured: "invented",
    ids: Array.from({ length: count }, (_, row) => `${row}`),
    part: new Uint8Array(count),
  };
}

/**
 * Splits all rows of a trace at random.
 *
 * @param trace The trace.
 * @param shares Share of each part; they sum to at most 1.
 * @param seed Seed of the shuffle.
 * @returns Rows of each part, ascending.
 */
export function randomParts(trace: Trace, shares: readonly number[], seed = 1): Int32Array[] {
  const rows = shuffle(allRows(trace), seededRandom(seed));
  let from = 0;
  return shares.map((share) => {
    const to = from + Math.round(share * trace.count);
    const part = rows.slice(from, to).sort();
    from = to;
    return part;
  });
}

/** Fills in one answer: the right class, its rival by a margin behind it, and the others. */
function answer(logits: Float32Array, label: number, margin: number, random: Random): void {
  const level = random.normal();
  for (let index = 0; index < logits.length; index++) logits[index] = level + random.normal() - 4;
  const rival = label % 2 === 0 ? Math.min(label + 1, logits.length - 1) : label - 1;
  logits[label] = level + 1 + margin / 2;
  logits[rival] = level + 1 - margin / 2;
}
