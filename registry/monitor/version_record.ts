import {
  LOSSES,
  type LossKind,
  type OperatingPoint,
  type PolicyDocument,
} from "../../policies/mod.ts";
import {
  binOf,
  confidenceReference,
  type DriftReport,
  DriftWatch,
  exitReference,
  type Look,
  type Reference,
  type RiskReport,
  RiskWatch,
  upperLimit,
} from "../../policies/watch/mod.ts";
import type { RoutedItem } from "../walk/walk.ts";

/** What became of inputs that were drawn. */
export interface ShadowCounts {
  /** All of them. */
  drawn: number;
  /** Those that arrived while no worker was idle; nothing was to be learned from them. */
  skipped: number;
  /** Those whose answer is known to be the full model's or not. */
  compared: number;
  /** Those whose comparison failed. */
  missing: number;
}

/** What has become of the answers of one version of a policy, since this process first served it. */
export interface VersionReport {
  /** Name of the version. */
  readonly policy: string;
  /** The operating point that is watched. */
  readonly operatingPoint: string | null;
  /** When the record began, ISO 8601. */
  readonly since: string;
  /** Number of inputs. */
  readonly items: number;
  /** Share of the inputs by the node at which they exited. */
  readonly exits: Readonly<Record<string, number>>;
  /** Number of inputs that were answered without a node that the policy chose, which was not available. */
  readonly degraded: number;
  /** Mean cost of an input, in the pair's unit. */
  readonly cost: number | null;
  /** What became of the inputs that were drawn to be compared with the full model. */
  readonly shadow: ShadowCounts;
  /** Mean cost of comparing, over all inputs, in the pair's unit. */
  readonly shadowCost: number | null;
  /** The point that is compared with the full model after a fall-back to that. */
  readonly probation: string | null;
  /** How often the answer is not the full model's, over all inputs. */
  readonly disagreement: RiskReport;
  /** The loss, where labels arrived for inputs that were compared. */
  readonly loss: (RiskReport & { readonly kind: LossKind }) | null;
  /** Labels that arrived, and the share of them that the answer had right. */
  readonly labels: { readonly n: number; readonly accuracy: number | null };
  /** Share of the inputs that go to the full model, which makes traffic dear before it makes it wrong. */
  readonly fullShare: RiskReport | null;
  /** Whether exits and confidence are those of the trace. */
  readonly drift: DriftReport | null;
}

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

/** What an alarm can be about. */
export type Quantity = "disagreement" | "loss" | "fullShare";

/** What each is called in events and metrics, as in the report. */
export const QUANTITY_NAMES: Readonly<Record<Quantity, string>> = {
  disagreement: "disagreement",
  loss: "loss",
  fullShare: "full_share",
};

/** Counts what a version of a policy does, and watches what is certified of it. */
export class VersionRecord {
  /** Watches how often the answer is not the full model's. */
  readonly disagreement: RiskWatch;
  /** Watches the loss, if something is certified of it. */
  readonly loss: RiskWatch | undefined;
  /** Watches the share of the inputs that go to the full model. */
  readonly fullShare: RiskWatch | undefined;
  /** What counts as a loss. */
  readonly lossKind: LossKind | undefined;
  readonly #options: VersionRecordOptions;
  readonly #drift: Drift | undefined;
  #name: string;
  readonly #since = new Date().toISOString();
  readonly #exits = new Map<string, number>();
  readonly #shadow: ShadowCounts = { drawn: 0, skipped: 0, compared: 0, missing: 0 };
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
    const { document, operatingPoint } = options;
    const delta = options.delta / 2;
    const point = document?.points.find(({ id }) => id === operatingPoint);
    const limit = point?.disagreement?.bound;
    this.disagreement = new RiskWatch({ name: "disagreement", limit, delta });
    this.lossKind = document?.loss;
    this.loss = point && document?.loss && lossWatch(point, document.loss, delta);
    this.fullShare = point?.exits && fullShareWatch(point.exits, options.nodes, delta);
    this.#drift = openDrift(options, point);
  }

  /**
   * Counts inputs that were answered. Of one that was answered without a node that the policy chose, it is
   * counted where the policy sent it, if that was the full model; else that is not known.
   *
   * @returns What has drifted, in words, each time that a look at it finds so.
   */
  count(items: readonly RoutedItem[]): string[] {
    const drifted: string[] = [];
    for (const item of items) {
      const { exit, cost, degraded } = item;
      this.#items++;
      if (degraded) this.#degraded++;
      this.#cost += cost;
      this.#exits.set(exit, (this.#exits.get(exit) ?? 0) + 1);
      const full = this.#options.nodes.at(-1);
      const chosen = degraded?.node ?? exit;
      if (degraded && chosen !== full) this.fullShare?.miss();
      else this.fullShare?.observe(Number(chosen === full));
      const looks = this.#drift?.observe(item) ?? [];
      for (const look of looks) if (look.drifted) drifted.push(look.sentence);
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
      this.disagreement.miss();
    } else {
      this.#shadow.compared++;
      this.disagreement.observe(Number(!agrees));
    }
  }

  /** Counts what comparing has cost. */
  spend(cost: number): void {
    this.#shadowCost += cost;
  }

  /** Whether the alarm of a quantity has gone off. */
  hasAlarm(quantity: Quantity): boolean {
    return this[quantity]?.fired ?? false;
  }

  /**
   * Says that a quantity is above what is certified of it.
   *
   * @returns The sentence, the first time after its alarm has gone off.
   */
  newAlarm(quantity: Quantity): string | undefined {
    if (!this.hasAlarm(quantity) || this.#told.has(quantity)) return undefined;
    this.#told.add(quantity);
    const { name, n, rate, interval: [low, high], limit, delta } = (this[quantity] as RiskWatch)
      .report();
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
    const { operatingPoint } = this.#options;
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
      disagreement: this.disagreement.report(),
      loss: this.loss && this.lossKind ? { ...this.loss.report(), kind: this.lossKind } : null,
      labels: { n: this.#labels, accuracy: this.#labels === 0 ? null : this.#right / this.#labels },
      fullShare: this.fullShare?.report() ?? null,
      drift: this.#drift?.watch.report() ?? null,
    };
  }
}

function lossWatch(
  { certificates = [] }: OperatingPoint,
  kind: LossKind,
  delta: number,
): RiskWatch {
  // The strictest of the levels that are proved of the point.
  const levels = certificates.filter((proof) => proof.loss === kind).map(({ alpha }) => alpha);
  const limit = levels.length === 0 ? undefined : Math.min(...levels);
  const { values } = LOSSES[kind];
  // A loss that is certified to be none has no room for bets below it.
  return new RiskWatch({ name: kind, limit: limit || undefined, delta, values });
}

/** The limit is what the calibration examples, counted by exit, allow. */
function fullShareWatch(
  exits: Readonly<Record<string, number>>,
  nodes: readonly string[],
  delta: number,
): RiskWatch {
  const counts = nodes.map((node) => exits[node] ?? 0);
  const full = counts.at(-1) ?? 0;
  const others = counts.reduce((sum, count) => sum + count, 0) - full;
  const limit = upperLimit([others, full], delta, [0, 1]);
  return new RiskWatch({ name: "the full model's share", limit, delta });
}

interface Drift {
  readonly watch: DriftWatch;
  observe(item: RoutedItem): readonly Look[];
}

function openDrift(
  { document, nodes, delta }: VersionRecordOptions,
  point: OperatingPoint | undefined,
): Drift | undefined {
  const confidence = document?.confidence;
  const references: Reference[] = [];
  if (point?.exits) {
    const { exits } = point;
    const counts = nodes.map((node) => [node, exits[node] ?? 0] as const);
    references.push(exitReference(Object.fromEntries(counts)));
  }
  if (confidence) references.push(confidenceReference(confidence));
  if (references.length === 0) return undefined;
  const watch = new DriftWatch(references, delta);
  return {
    watch,
    observe({ path, exit, confidence: value, degraded }) {
      const chosen = degraded?.node ?? exit;
      const isKnown = degraded === undefined || chosen === nodes.at(-1);
      const looks = [
        point?.exits && isKnown ? watch.observe("exits", nodes.indexOf(chosen)) : null,
        // Another network may run first, as after a fall-back to the full model.
        confidence && path[0] === confidence.node
          ? watch.observe(`confidence of ${confidence.node}`, binOf(value, confidence.edges))
          : null,
      ];
      return looks.filter((look) => look !== null);
    },
  };
}

function percent(share: number | null): string {
  if (share === null) return "unknown";
  return `${(100 * share).toFixed(2)}%`;
}
