import type { PolicyDocument } from "../../policies/mod.ts";
import type { RoutedItem } from "../walk/walked.ts";
import type { LoggedAnswer } from "./answer_log.ts";
import { labelLoss } from "./label_loss.ts";
import { riskWatches } from "./risk_watches.ts";
import { TraceDrift } from "./trace_drift.ts";
import type { Quantity, VersionReport } from "./version_report.ts";

/** Options of {@linkcode VersionRecord}. */
export interface VersionRecordOptions {
  /** Name of the version. */
  readonly policy: string;
  /** Its document; undefined for a built-in policy. */
  readonly document?: PolicyDocument | undefined;
  /** The operating point that is served. */
  readonly operatingPoint: string | null;
  /** The point that is compared instead, after a fall-back to the full model. */
  readonly probation?: string | undefined;
  /** Nodes of the pair. */
  readonly nodes: readonly string[];
  /**
   * Chance of a false alarm, for each quantity over all time: half of it for the alarm, the other half
   * for what is certified being wrong.
   */
  readonly delta: number;
}

/** Counts what a version of a policy does, and watches what is certified of it. */
export class VersionRecord {
  readonly #options: VersionRecordOptions;
  readonly #watches: ReturnType<typeof riskWatches>;
  readonly #drift: TraceDrift;
  #name: string;
  readonly #since = new Date().toISOString();
  readonly #exits = new Map<string, number>();
  readonly #shadow = { drawn: 0, skipped: 0, compared: 0, missing: 0 };
  readonly #told = new Set<string>();
  #items = 0;
  #degraded = 0;
  #cost = 0;
  #shadowCost = 0;
  #labels = 0;
  #right = 0;

  /** A record without inputs. */
  constructor(options: VersionRecordOptions) {
    this.#options = options;
    this.#name = options.policy;
    const { document, operatingPoint, nodes, delta } = options;
    const point = document?.points.find(({ id }) => id === operatingPoint);
    this.#watches = riskWatches({ document, point, nodes, delta: delta / 2 });
    this.#drift = new TraceDrift({ document, point, nodes, delta });
  }

  /**
   * Counts inputs that were answered. Of one that was answered without a node that the policy chose, it is
   * counted where the policy sent it, if that was the full model; else that is not known.
   *
   * @returns What has drifted, in words, each time that a look at it finds so.
   */
  count(items: readonly RoutedItem[]): string[] {
    const drifted: string[] = [];
    const { fullShare } = this.#watches;
    for (const item of items) {
      const { exit, cost, degraded } = item;
      this.#items++;
      if (degraded) this.#degraded++;
      this.#cost += cost;
      this.#exits.set(exit, (this.#exits.get(exit) ?? 0) + 1);
      const full = this.#options.nodes.at(-1);
      const chosen = degraded?.node ?? exit;
      if (degraded && chosen !== full) fullShare?.miss();
      else fullShare?.observe(Number(chosen === full));
      for (const look of this.#drift.observe(item)) {
        if (look.drifted) drifted.push(look.sentence);
      }
    }
    return drifted;
  }

  /** Counts inputs that were drawn, and skipped because no worker was idle. */
  countSkipped(inputs: number): void {
    this.#shadow.drawn += inputs;
    this.#shadow.skipped += inputs;
  }

  /** Counts an input that was drawn: whether its answer is the full model's, if that is known. */
  compare(agrees: boolean | undefined): void {
    this.#shadow.drawn++;
    if (agrees === undefined) {
      this.#shadow.missing++;
      this.#watches.disagreement.miss();
    } else {
      this.#shadow.compared++;
      this.#watches.disagreement.observe(Number(!agrees));
    }
  }

  /** Counts the loss of an answer, once both the full model's answer and the true class are known. */
  observeLoss({ answer, full, label }: LoggedAnswer): void {
    const kind = this.#options.document?.loss;
    if (!kind || !full || label === undefined) return;
    this.#watches.loss?.observe(labelLoss(kind, answer, full, label));
  }

  /** Counts what comparing has cost. */
  spend(cost: number): void {
    this.#shadowCost += cost;
  }

  /** Whether the alarm of a quantity has gone off. */
  hasAlarm(quantity: Quantity): boolean {
    return this.#watches[quantity]?.fired ?? false;
  }

  /**
   * Says that a quantity is above what is certified of it.
   *
   * @returns The sentence, the first time after its alarm has gone off.
   */
  newAlarm(quantity: Quantity): string | undefined {
    const watch = this.#watches[quantity];
    if (!watch?.fired || this.#told.has(quantity)) return undefined;
    this.#told.add(quantity);
    const { name, n, rate, interval: [low, high], limit, delta } = watch.report();
    return `${this.#name}: ${name} is ${percent(rate)} of ${n} inputs (${percent(low)} to ` +
      `${percent(high)}), more than ${percent(limit)}; a false alarm has a chance of ` +
      `${percent(2 * delta)}`;
  }

  /** Goes on under another name. */
  rename(name: string): void {
    this.#name = name;
  }

  /** Counts a label. */
  labelled(isRight: boolean): void {
    this.#labels++;
    this.#right += Number(isRight);
  }

  /** What has been counted. */
  report(): VersionReport {
    const { operatingPoint, document } = this.#options;
    const { disagreement, loss, fullShare } = this.#watches;
    const items = this.#items;
    const exits = [...this.#exits].map(([node, count]) => [node, count / items] as const);
    return {
      policy: this.#name,
      operatingPoint,
      since: this.#since,
      items,
      degraded: this.#degraded,
      exits: Object.fromEntries(exits),
      cost: items === 0 ? null : this.#cost / items,
      shadow: { ...this.#shadow },
      shadowCost: items === 0 ? null : this.#shadowCost / items,
      probation: this.#options.probation ?? null,
      disagreement: disagreement.report(),
      loss: loss && document?.loss ? { ...loss.report(), kind: document.loss } : null,
      labels: { n: this.#labels, accuracy: this.#labels === 0 ? null : this.#right / this.#labels },
      fullShare: fullShare?.report() ?? null,
      drift: this.#drift.report(),
    };
  }
}

function percent(share: number | null): string {
  if (share === null) return "unknown";
  return `${(100 * share).toFixed(2)}%`;
}
