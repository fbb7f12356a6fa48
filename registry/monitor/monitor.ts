import { type TopClasses, topClasses } from "../../policies/mod.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import { InvalidInputError, UnknownRequestError } from "../base/errors.ts";
import type { RoutedItem } from "../walk/walked.ts";
import { AnswerLog, LoggedAnswer } from "./answer_log.ts";
import { VersionRecord } from "./version_record.ts";
import type { Quantity, VersionReport } from "./version_report.ts";

/** What an alarm says. */
export interface Alarm {
  /** The version that no longer keeps what is certified of it. */
  readonly policy: string;
  /** What it no longer keeps. */
  readonly quantity: Quantity;
  /** In words. */
  readonly sentence: string;
}

/** Options of {@linkcode Monitor}. */
export interface MonitorOptions {
  /** Nodes of the pair. */
  readonly nodes: readonly string[];
  /** Share of the inputs that are compared with the full model, in [0, 1]. */
  readonly shadow: number;
  /** Chance of a false alarm, for each version and quantity over all time. */
  readonly delta: number;
  /** How many inputs are remembered for labels, and for how many milliseconds. */
  readonly answers: { readonly capacity: number; readonly ms: number };
  /** Is told of every alarm, once. */
  readonly onAlarm: (alarm: Alarm) => void;
  /** Is told what no longer looks like the trace, at every look that finds so. */
  readonly onDrift: (policy: string, sentence: string) => void;
}

const QUANTITIES: readonly Quantity[] = ["disagreement", "loss", "fullShare"];

/** How many versions are remembered. */
const MAX_RECORDS = 20;

/** Watches the answers of a pair, version by version. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #records = new Map<string, VersionRecord>();
  /** Names under which records went on. */
  readonly #renamed = new Map<string, string>();
  readonly #answers: AnswerLog;

  /** A monitor that has seen nothing. */
  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#answers = new AnswerLog(options.answers);
  }

  /**
   * Draws the inputs of a request that are to be compared with the full model, before anything is known
   * of them: so the comparison is a random sample of the traffic.
   *
   * @param count Number of inputs.
   * @returns Their indices, ascending.
   */
  draw(count: number): number[] {
    const { shadow } = this.#options;
    if (shadow === 0) return [];
    return Array.from({ length: count }, (_, index) => index).filter(() => Math.random() < shadow);
  }

  /**
   * Counts the answers of a request.
   *
   * @param policy What made them.
   * @param items The answers.
   * @param options The request's id, for labels, and how many inputs were drawn and then skipped, because
   * no worker was idle when it arrived.
   * @returns What labels are waited for, in the order of the items.
   */
  count(
    policy: PolicySnapshot,
    items: readonly RoutedItem[],
    { id, skipped = 0 }: { readonly id?: string | undefined; readonly skipped?: number } = {},
  ): LoggedAnswer[] {
    const record = this.#record(policy);
    record.countSkipped(skipped);
    for (const sentence of record.count(items)) this.#options.onDrift(policy.name, sentence);
    this.#raise(this.#renamed.get(policy.name) ?? policy.name, record);
    const logged = items.map((item) => new LoggedAnswer(policy.name, topClasses(item.logits)));
    if (id !== undefined) this.#answers.add(id, logged, performance.now());
    return logged;
  }

  /**
   * Notes what the full model says of the inputs that were drawn.
   *
   * @param policy What answered them.
   * @param logged Their answers.
   * @param full Top classes of each; undefined where they could not be had.
   * @param cost What it has cost.
   */
  compare(
    policy: PolicySnapshot,
    logged: readonly LoggedAnswer[],
    full: readonly (TopClasses | undefined)[],
    cost: number,
  ): void {
    const record = this.#record(policy);
    record.spend(cost);
    logged.forEach((entry, index) => {
      const other = full[index];
      record.compare(other && other[0] === entry.answer[0]);
      if (!other) return;
      entry.compareWith(other);
      record.observeLoss(entry);
    });
    this.#raise(this.#renamed.get(policy.name) ?? policy.name, record);
  }

  /**
   * Takes the true class of an input.
   *
   * @param id Id of its request.
   * @param item Index of the input in the request.
   * @param label Index of the class.
   * @returns The version that answered it, and whether it was right.
   * @throws {UnknownRequestError} If the request is not known, or was too long ago.
   * @throws {InvalidInputError} If the request has no such input, or it has a label already.
   */
  label(id: string, item: number, label: number): { policy: string; right: boolean } {
    const items = this.#answers.get(id, performance.now());
    if (!items) throw new UnknownRequestError(id, this.#options.answers);
    const entry = items[item];
    if (!entry) {
      throw new InvalidInputError("item", `is ${item}, expected 0 to ${items.length - 1}`);
    }
    if (entry.label !== undefined) {
      throw new InvalidInputError("id", `${JSON.stringify(id)} has a label already`);
    }
    entry.labelAs(label);
    const right = entry.answer[0] === label;
    const policy = this.#renamed.get(entry.policy) ?? entry.policy;
    const record = this.#records.get(policy);
    if (record) {
      record.labelled(right);
      record.observeLoss(entry);
      this.#raise(policy, record);
    }
    return { policy, right };
  }

  /** Whether a version is known not to keep what is certified of it. */
  hasAlarm(policy: string): boolean {
    const record = this.#records.get(policy);
    return record !== undefined &&
      (record.hasAlarm("disagreement") || record.hasAlarm("loss"));
  }

  /** Gives the record of a version a new name, as when a canary becomes the next version. */
  rename(from: string, to: string): void {
    const record = this.#records.get(from);
    if (!record) return;
    this.#records.delete(from);
    record.rename(to);
    this.#records.set(to, record);
    this.#renamed.set(from, to);
  }

  /** What has been seen, the latest version last. */
  report(): VersionReport[] {
    return [...this.#records.values()].map((record) => record.report());
  }

  #record(policy: PolicySnapshot): VersionRecord {
    const { document, operatingPoint, probation } = policy;
    const name = this.#renamed.get(policy.name) ?? policy.name;
    let record = this.#records.get(name);
    if (!record) {
      const { delta, nodes } = this.#options;
      record = new VersionRecord({
        policy: name,
        document,
        operatingPoint,
        probation,
        nodes,
        delta,
      });
      this.#records.set(name, record);
      const [oldest] = this.#records.keys();
      if (this.#records.size > MAX_RECORDS && oldest !== undefined) this.#records.delete(oldest);
    }
    return record;
  }

  /** Tells of each alarm once. */
  #raise(policy: string, record: VersionRecord): void {
    for (const quantity of QUANTITIES) {
      const sentence = record.newAlarm(quantity);
      if (sentence !== undefined) this.#options.onAlarm({ policy, quantity, sentence });
    }
  }
}
