import {
  CROSS_VALIDATION,
  evaluate,
  type EvaluateOptions,
  evaluateValidated,
  isFew,
  lossKindOf,
  measureDecision,
  type Report,
  type Split,
  thresholdMethods,
  type Trace,
  type Validated,
  validateFew,
} from "../../policies/learn/mod.ts";
import { reportFiles, reportTables, textTable } from "../../policies/learn/report/mod.ts";
import type { PolicyDocument } from "../../policies/mod.ts";
import { replaceFile } from "../../policies/stores/mod.ts";
import { ifThere } from "../shared/if_there.ts";
import { sha256 } from "../shared/sha256.ts";
import { readLabels, type TraceFile } from "./inputs.ts";

/** What a judgement is made of. */
export interface JudgeOptions {
  /** The folder with `reports/`, with a trailing slash. */
  readonly root: URL;
  /** The policy. */
  readonly document: PolicyDocument;
  /** Its text. */
  readonly text: string;
  /** The rows that it was learned from, and those it was not. */
  readonly split: Split;
  /** Seed of fits and resamples. */
  readonly seed: number;
  /** Milliseconds of each decision. */
  readonly policyMs: number;
  /** What cross-validation has said already, where there are few examples. */
  readonly validated?: Validated | undefined;
  /** Told after every fold of cross-validation. */
  readonly onFold?: ((done: number, of: number) => void) | undefined;
  /** Told of every step. */
  readonly print: (line: string) => void;
}

/**
 * Judges a policy on its trace, and prepares the files of the report.
 *
 * @param file The trace.
 * @param options See {@linkcode JudgeOptions}.
 * @returns The report, and a function that writes it; nothing has been written before.
 */
export async function judgePolicy(
  { trace, hash }: TraceFile,
  options: JudgeOptions,
): Promise<{ report: Report; write: () => Promise<void> }> {
  const { root, document, text, split, seed, policyMs } = options;
  const rows = split.test.length > 0 ? split.test : split.calibration;
  const report = judge(trace, options, {
    seed,
    policyMs,
    policyMsMeasured: measureDecision(trace, rows, document),
    labels: await readLabels(root, trace),
    hashes: { trace: hash, policy: sha256(text) },
  });
  const folder = new URL(`reports/${trace.pair}/`, root);
  const old = await ifThere(Deno.readTextFile(new URL("report.json", folder)));
  const files = await reportFiles(report, old);
  const write = async () => {
    for (const [name, content] of Object.entries(files)) {
      await replaceFile(new URL(name, folder), new TextEncoder().encode(content));
    }
  };
  return { report, write };
}

function judge(trace: Trace, options: JudgeOptions, shared: EvaluateOptions): Report {
  const { document, split, seed, policyMs, print, onFold, validated } = options;
  const kind = lossKindOf(trace, document);
  const subject = { trace, split, document };
  if (isFew(trace)) {
    const { methods } = validated ?? validateFew(trace, { kind, seed, policyMs, onFold });
    const crossValidation = CROSS_VALIDATION;
    return evaluateValidated(subject, methods, { ...shared, crossValidation });
  }
  print("Tuning the thresholds to compare with");
  const thresholds = thresholdMethods(trace, split, { kind, seed, policyMs });
  print(`Judging on ${split.test.length} test examples`);
  return evaluate(subject, thresholds, shared);
}

/**
 * What a terminal shows of a report.
 *
 * @param report The report.
 * @returns The main table and the claim.
 */
export function sayReport(report: Report): string {
  const [speedups] = reportTables(report);
  const slow = (report.policy_ms_measured ?? 0) > report.policy_ms;
  return [
    ...(speedups ? [textTable(speedups)] : []),
    report.claim.sentence,
    ...(slow
      ? [
        `A decision took ${report.policy_ms_measured?.toFixed(4)} ms here, but only ` +
        `${report.policy_ms} ms are counted: use --policy-ms`,
      ]
      : []),
  ].join("\n\n");
}
