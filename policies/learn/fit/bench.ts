import type { Combine } from "../../document.ts";
import { dealFolds } from "../stats/folds.ts";
import type { CombineKind, LossKind, Trace } from "../trace/types.ts";
import { fitEnsemble, fitPosterior } from "./ensemble.ts";
import { gatherMaterial, type Material } from "./scores.ts";
import { fitTemperature } from "./temperature.ts";

/** Folds within the training rows. */
const FOLDS = 5;

/** The rows of a trace that learning sees, and what all families of the trace share. */
export interface Bench {
  /** Rows that scores and thresholds are learned from, m of them. */
  readonly train: Material;
  /** Rows that decide between families; without any, the training rows do, their scores out of fold. */
  readonly validation: Material | undefined;
  /** By node, what divides its logits. */
  readonly temperatures: ReadonlyMap<string, number>;
  /** One weight per node of the trace, for softened targets. */
  readonly posterior: readonly number[];
  /** The fold of every training row, length m. */
  fold(seed: number): Uint8Array;
  /** How the training rows of a loss would have answers combined. */
  resolve(combine: CombineKind, kind: LossKind, seed: number): Combine;
}

/**
 * Reads what all families of a trace share.
 *
 * @param trace The trace.
 * @param train Rows to learn from.
 * @param validation Rows that decide between families; there may be none.
 * @returns The bench; learned pools are fitted when they are first asked for, each once.
 * @throws {RangeError} If there is no training row.
 */
export function prepareBench(trace: Trace, train: Int32Array, validation: Int32Array): Bench {
  if (train.length === 0) throw new RangeError("Cannot learn: the train part has no rows");
  const ensembles = new Map<string, Combine>();
  const foldOf = (seed: number) => dealFolds(train.length, FOLDS, seed);
  return {
    train: gatherMaterial(trace, train),
    posterior: fitPosterior(trace, train),
    validation: validation.length > 0 ? gatherMaterial(trace, validation) : undefined,
    fold: foldOf,
    resolve(combine, kind, seed) {
      if (combine !== "learned") return combine;
      const key = `${kind} ${seed}`;
      const known = ensembles.get(key) ?? fitEnsemble(trace, train, { kind, fold: foldOf(seed) });
      ensembles.set(key, known);
      return known;
    },
    temperatures: new Map(trace.nodes.map((node) => [node, fitTemperature(trace, train, node)])),
  };
}
