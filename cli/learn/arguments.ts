import { parseArgs } from "node:util";
import {
  type Budget,
  checkBudget,
  type CombineKind,
  type LossKind,
  POLICY_CLASSES,
  type PolicyClass,
} from "../../policies/learn/mod.ts";
import { LOSSES, parseFactor, parseMilliseconds, parseShare } from "../../policies/mod.ts";
import { pairName, parseSeed } from "./inputs.ts";

const COMBINES: readonly CombineKind[] = ["last", "mean", "learned"];
const USAGE = `Usage: deno task learn <pair> [options]

  --trace <file>      the trace (traces/<pair>.npz)
  --max-loss <share>  largest loss of the active point, such as 1% (the default)
  --max-cost <time>   largest mean cost of the active point, such as 2ms
  --speedup <factor>  least speedup of the active point over the full model, such as 3
  --lambda <ms>       instead of limits: the price of one unit of loss, milliseconds
  --loss <kind>       signed (accuracy given up; the default with labels), top1, signed5, top5, or
                      consistency (disagreement with the full model; needs no labels)
  --class <list>      ${POLICY_CLASSES.join(", ")}: those to choose from (all; logistic
                      where examples are few)
  --combine <list>    last, mean, learned: how answers become one, those to choose from (last,learned;
                      learned where examples are few)
  --delta <share>     chance that a certificate is wrong (5%)
  --seed <n>          seed of the split and the fits (0)
  --policy-ms <time>  what a decision is counted as`;

const OPTIONS = {
  trace: { type: "string" },
  "max-loss": { type: "string" },
  "max-cost": { type: "string" },
  speedup: { type: "string" },
  lambda: { type: "string" },
  loss: { type: "string" },
  class: { type: "string" },
  combine: { type: "string" },
  delta: { type: "string", default: "5%" },
  seed: { type: "string", default: "0" },
  "policy-ms": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** What `learn` is told. */
export interface LearnArguments {
  /** Name of the pair. */
  readonly pair: string;
  /** What the active point may cost or lose. */
  readonly budget: Budget;
  /** Chance that a certificate is wrong. */
  readonly delta: number;
  /** Seed of the split and the fits. */
  readonly seed: number;
  /** Classes to choose from, if given. */
  readonly policyClasses: readonly PolicyClass[] | undefined;
  /** Ways of combining answers to choose from, if given. */
  readonly combines: readonly CombineKind[] | undefined;
  /** File of the trace, if given. */
  readonly trace: string | undefined;
  /** The loss, if given; nobody has checked it. */
  readonly loss: string | undefined;
  /** What a decision is counted as, if given; nobody has checked it. */
  readonly policyMs: string | undefined;
}

/**
 * Reads the arguments of `learn`.
 *
 * @param args The arguments.
 * @returns What is wanted; where help is wanted, how the command is used.
 * @throws {Error} If one is missing or cannot be used; names it.
 */
export function readLearnArguments(args: string[]): LearnArguments | string {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (values.help) return USAGE;
  return {
    pair: pairName(positionals, USAGE),
    budget: readBudget(values),
    delta: parseShare("--delta", values.delta),
    seed: parseSeed("--seed", values.seed),
    policyClasses: readList("--class", values.class, POLICY_CLASSES),
    combines: readList("--combine", values.combine, COMBINES),
    trace: values.trace,
    loss: values.loss,
    policyMs: values["policy-ms"],
  };
}

/**
 * Reads a loss.
 *
 * @param text Its name.
 * @returns The loss.
 * @throws {RangeError} If there is no such loss.
 */
export function readLoss(text: string): LossKind {
  const kinds = Object.keys(LOSSES) as LossKind[];
  const kind = kinds.find((known) => known === text);
  if (kind) return kind;
  throw new RangeError(`Cannot use --loss ${text}: expected one of ${kinds.join(", ")}`);
}

type Values = Partial<Record<"max-loss" | "max-cost" | "speedup" | "lambda", string>>;

function readBudget(values: Values): Budget {
  const read = (name: keyof Values, parse: (name: string, text: string) => number) => {
    const text = values[name];
    return text === undefined ? undefined : parse(`--${name}`, text);
  };
  const budget = {
    maxLoss: read("max-loss", parseShare),
    maxCost: read("max-cost", parseMilliseconds),
    speedup: read("speedup", parseFactor),
    lambda: read("lambda", parseMilliseconds),
  };
  checkBudget(budget);
  return budget;
}

/** Different names out of a list, separated by commas; nothing if not given. */
function readList<T extends string>(
  name: string,
  text: string | undefined,
  known: readonly T[],
): T[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(",").map((part) => part.trim());
  const unknown = names.find((part) => !known.some((own) => own === part));
  if (unknown === undefined) return known.filter((own) => names.includes(own));
  throw new RangeError(
    `Cannot use ${name} ${text}: there is no ${JSON.stringify(unknown)}, expected some of ${
      known.join(", ")
    }`,
  );
}
