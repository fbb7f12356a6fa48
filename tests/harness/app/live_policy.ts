import { type PolicyDocument, PolicyError } from "../../../policies/mod.ts";
import {
  MemoryPolicyStore,
  type NewPolicy,
  type PolicyDraft,
  type PolicyRecord,
  type Seed,
  type StoredPolicy,
} from "../../../policies/stores/mod.ts";
import { changed, TARGET } from "../generators/policies.ts";
import { buildGraph } from "../../../registry/pair/graph_inputs.ts";
import { LivePolicy } from "../../../registry/policy/live_policy.ts";
import {
  type Answers,
  type FakePool,
  type FakePoolOptions,
  type FakeWorker,
  startFakePool,
} from "../fakes/fake_worker.ts";
import type { PolicyRequest, TryRequest } from "../../../registry/runtime/requests.ts";
import { pairOf } from "../generators/pair_specs.ts";

/** Names documents that the dry run refuses. */
const FAILS = "fails in the dry run";

/** The text of a fit document; documents of other notes are other documents. */
export function textOf(note: string, change: Partial<PolicyDocument> = {}): string {
  return JSON.stringify(changed((copy) => {
    copy.provenance.note = note;
    Object.assign(copy, change);
  }));
}

/** The text of a document that was made for other weights. */
export function foreignText(note: string): string {
  return textOf(note, { models: { ...TARGET.models, small: "d".repeat(64) } });
}

/** Documents that are refused, by the step at which they are. */
export const REFUSED = {
  parse: textOf("cut off").slice(0, -1),
  schema: textOf("unknown member", { extra: 1 } as Partial<PolicyDocument>),
  bind: foreignText("other weights"),
  dry_run: textOf(FAILS),
} as const;

/** Workers that take every policy but those that the dry run refuses. */
export const TAKES: Answers = {
  tryPolicy: (argument) => {
    const { document } = (argument as TryRequest).policy;
    if (document.provenance.note === FAILS) throw new PolicyError("dry_run", "/nodes/a", "no");
    return document.points.map(({ id }) => ({ id, paths: { small: 2 }, unknown: 0 }));
  },
  setPolicy: () => {},
  dropPolicy: () => {},
};

/** A store like a folder: documents can be laid into it by hand, and it can fail. */
export class FakeStore extends MemoryPolicyStore {
  /** Thrown by whatever reads. */
  unreadable: Error | undefined;
  /** Thrown by whatever writes. */
  unwritable: Error | undefined;
  /** How often it was read. */
  reads = 0;
  readonly #told = new Set<() => void>();
  #laid: PolicyDraft | undefined;

  /** Lays a document into it, or takes it out, and tells whoever watches. */
  lay(text: string | undefined): void {
    this.#laid = text === undefined ? undefined : { text, from: "the folder" };
    this.tell();
  }

  /** Tells whoever watches that something has changed. */
  tell(): void {
    for (const changed of this.#told) changed();
  }

  override async read(pair: string): Promise<PolicyRecord> {
    this.reads++;
    if (this.unreadable) throw this.unreadable;
    const { head, draft } = await super.read(pair);
    const laid = this.#laid?.text === head?.text ? undefined : this.#laid;
    return { head, draft: laid ?? draft };
  }

  override async put(pair: string, policy: NewPolicy, after: number): Promise<StoredPolicy> {
    if (this.unwritable) throw this.unwritable;
    const stored = await super.put(pair, policy, after);
    this.#laid = undefined;
    return stored;
  }

  override watch(pair: string, changed: () => void, signal: AbortSignal): void {
    super.watch(pair, changed, signal);
    this.#told.add(changed);
    signal.addEventListener("abort", () => this.#told.delete(changed), { once: true });
  }
}

/** A live policy on fake workers; closed when disposed of. */
export interface Started extends Disposable {
  readonly live: LivePolicy;
  readonly store: FakeStore;
  readonly fake: FakePool;
  readonly log: string[];
}

/** What a test may set of {@linkcode start}. */
export interface StartOptions extends Pick<FakePoolOptions, "size" | "auto"> {
  readonly store?: FakeStore;
  readonly seed?: Seed;
}

/** Starts the live policy of the pair of {@linkcode TARGET}. */
export async function start(options: StartOptions = {}): Promise<Started> {
  const { store = new FakeStore(), seed, size = 1, auto = TAKES } = options;
  const fake = startFakePool({ size, auto });
  const log: string[] = [];
  const graph = buildGraph(pairOf({ small: ["medium", "large"], medium: ["large"], large: [] }));
  const costs = { known: { small: 1, medium: 4, large: 16 }, unit: "ms" };
  const live = await LivePolicy.start({
    pair: TARGET.pair,
    graph,
    models: TARGET.models,
    costs,
    pool: fake.pool,
    store,
    seed,
    log: (line) => log.push(line),
  });
  return {
    live,
    store,
    fake,
    log,
    [Symbol.dispose]: () => {
      live.close();
      fake[Symbol.dispose]();
    },
  };
}

/** Puts a document into a store as another instance would. */
export function putElsewhere(store: FakeStore, text: string, after: number): Promise<StoredPolicy> {
  const { active: operating_point } = JSON.parse(text);
  return store.put(TARGET.pair, { text, change: "put", from: "elsewhere", operating_point }, after);
}

/** A store with versions that other instances have put, and perhaps a document that lies there. */
export async function storeOf(versions: readonly string[], laid?: string): Promise<FakeStore> {
  const store = new FakeStore();
  for (const [index, text] of versions.entries()) await putElsewhere(store, text, index);
  store.lay(laid);
  return store;
}

/** What a worker was told of policies, such as `setPolicy test@1#0`. */
export function toldOf({ log }: FakeWorker): string[] {
  return log.filter((call) => /^(set|drop)Policy /.test(call)).map((call) => {
    const [method = "", argument = ""] = call.split(/ (.*)/s);
    const id = method === "setPolicy" ? (JSON.parse(argument) as PolicyRequest).id : argument;
    return `${method} ${id}`;
  });
}

/** The policies that a worker holds, by their ids. */
export function retainedBy(worker: FakeWorker | undefined): string[] {
  const retained = new Set<string>();
  for (const call of worker ? toldOf(worker) : []) {
    const [method, id = ""] = call.split(" ");
    if (method === "setPolicy") retained.add(id);
    else retained.delete(id);
  }
  return [...retained];
}
