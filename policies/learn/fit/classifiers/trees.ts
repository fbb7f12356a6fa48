import type { TreesScore } from "../../../document.ts";
import type { Binned } from "./bins.ts";

/** Options of {@linkcode fitTrees}. */
export interface TreesOptions {
  /** Number of trees. */
  readonly trees: number;
  /** Splits between a root and a leaf, at most 3. */
  readonly depth: number;
  /** What each tree's leaves are multiplied with. */
  readonly rate: number;
  /** Penalty on the leaves' squares, in rows of mean weight. */
  readonly l2: number;
  /** Fewest rows on either side of a split. */
  readonly leastRows: number;
}

/** Trees and what they score. */
export interface TreesFit {
  /** The trees. */
  readonly score: TreesScore;
  /** For every number of trees, 0 to all, the score of every row. */
  readonly staged: readonly Float64Array[];
}

/** A split that cuts nothing off: every value is left of it. */
const NO_SPLIT = { input: 0, cut: 1e9, bin: 255 };

/**
 * Boosts small trees on the weighted logistic loss (Friedman 2001, with the second-order leaves and
 * splits of Chen and Guestrin 2016) over histograms. Rows of weight 0 change nothing and are scored.
 *
 * @param binned Features.
 * @param labels 0 or 1 per row.
 * @param weights Weight per row, ≥ 0.
 * @param options See {@linkcode TreesOptions}.
 * @returns The fit; deterministic.
 */
export function fitTrees(
  binned: Binned,
  labels: Uint8Array,
  weights: Float64Array,
  options: TreesOptions,
): TreesFit {
  const { trees, depth, rate, l2 } = options;
  const kept = Int32Array.from(weights, (_, row) => row).filter((row) => weights[row]! > 0);
  const total = kept.reduce((sum, row) => sum + weights[row]!, 0);
  const share = kept.reduce((sum, row) => sum + weights[row]! * labels[row]!, 0) / total;
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, share || 0));
  const bias = short(Math.log(inside / (1 - inside)));

  const inputs: number[] = [];
  const cuts: number[] = [];
  const leaves: number[] = [];
  let scores = new Float64Array(binned.count).fill(bias);
  const staged = [scores];
  const pure = kept.every((row) => labels[row] === labels[kept[0]!]);
  const slopes = new Float64Array(binned.count);
  const bends = new Float64Array(binned.count);
  for (let tree = 0; tree < trees && !pure; tree++) {
    for (const row of kept) {
      // Weights of mean 1, so that the penalty is in rows.
      const weight = weights[row]! * kept.length / total;
      const probability = 1 / (1 + Math.exp(-scores[row]!));
      slopes[row] = weight * (probability - labels[row]!);
      bends[row] = weight * probability * (1 - probability);
    }
    const node = new Uint8Array(binned.count);
    for (let level = 0; level < depth; level++) {
      const splits = findSplits({ binned, kept, slopes, bends }, node, 2 ** level, options);
      for (const { input, cut } of splits) {
        inputs.push(input);
        cuts.push(cut);
      }
      for (let row = 0; row < binned.count; row++) {
        const { input, bin } = splits[node[row]!]!;
        node[row] = 2 * node[row]! + Number(binned.bins[input]![row]! >= bin);
      }
    }
    const gradient = new Float64Array(2 ** depth);
    const hessian = new Float64Array(2 ** depth);
    for (const row of kept) {
      gradient[node[row]!]! += slopes[row]!;
      hessian[node[row]!]! += bends[row]!;
    }
    const steps = gradient.map((slope, leaf) => short(-rate * slope / (hessian[leaf]! + l2)));
    leaves.push(...steps);
    scores = scores.map((score, row) => score + steps[node[row]!]!);
    staged.push(scores);
  }
  return { score: { bias, depth, inputs, cuts, leaves }, staged };
}

/**
 * Keeps the first trees.
 *
 * @param score The trees.
 * @param trees How many to keep.
 * @returns The shorter score.
 */
export function keepTrees(score: TreesScore, trees: number): TreesScore {
  const { bias, depth, inputs, cuts, leaves } = score;
  const splits = trees * (2 ** depth - 1);
  return {
    bias,
    depth,
    inputs: inputs.slice(0, splits),
    cuts: cuts.slice(0, splits),
    leaves: leaves.slice(0, trees * 2 ** depth),
  };
}

/** Four digits, as documents hold them; 0 for what is not a number. */
function short(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) + 0 : 0;
}

interface Split {
  readonly input: number;
  readonly cut: number;
  /** Values in this bin and above go right. */
  readonly bin: number;
}

/** The rows that a tree is grown on. */
interface Growth {
  readonly binned: Binned;
  /** Rows of positive weight. */
  readonly kept: Int32Array;
  /** First derivative of the loss, per row. */
  readonly slopes: Float64Array;
  /** Second derivative of the loss, per row. */
  readonly bends: Float64Array;
}

/**
 * Finds the best split of every node of a level.
 *
 * @param growth The rows.
 * @param node The node of every row, from 0.
 * @param nodes Number of nodes of the level.
 * @param options Penalty, and fewest rows on either side.
 */
function findSplits(
  { binned: { cuts, bins }, kept, slopes, bends }: Growth,
  node: Uint8Array,
  nodes: number,
  { l2, leastRows }: TreesOptions,
): Split[] {
  const best = Array.from({ length: nodes }, (): Split & { gain: number } => {
    return { ...NO_SPLIT, gain: 1e-9 };
  });
  cuts.forEach((own, input) => {
    const bin = bins[input]!;
    const width = own.length + 1;
    const gradient = new Float64Array(nodes * width);
    const hessian = new Float64Array(nodes * width);
    const rows = new Uint32Array(nodes * width);
    for (let index = 0; index < kept.length; index++) {
      const row = kept[index]!;
      const at = node[row]! * width + bin[row]!;
      gradient[at]! += slopes[row]!;
      hessian[at]! += bends[row]!;
      rows[at]! += 1;
    }
    for (let which = 0; which < nodes; which++) {
      const from = which * width;
      const [g, h, n] = [gradient, hessian, rows].map((list) => {
        let sum = 0;
        for (let at = from; at < from + width; at++) sum += list[at]!;
        return sum;
      }) as [number, number, number];
      let [left, bend, count] = [0, 0, 0];
      for (let cut = 0; cut < own.length; cut++) {
        left += gradient[from + cut]!;
        bend += hessian[from + cut]!;
        count += rows[from + cut]!;
        if (count < leastRows || n - count < leastRows) continue;
        const gain = left * left / (bend + l2) + (g - left) ** 2 / (h - bend + l2) -
          g * g / (h + l2);
        if (gain > best[which]!.gain) best[which] = { input, cut: own[cut]!, bin: cut + 1, gain };
      }
    }
  });
  return best;
}
