import { type PolicyDocument, PolicyError } from "../../../policies/mod.ts";
import type { PolicyStore, Seed } from "../../../policies/stores/mod.ts";
import { changed, TARGET } from "../generators/policies.ts";
import { buildGraph } from "../../../registry/mod.ts";
import { LivePolicy } from "../../../registry/policy/mod.ts";
import {
  type Answers,
  type FakePool,
  type FakePoolOptions,
  type FakeWorker,
  startFakePool,
} from "../fakes/fake_worker.ts";
import { FakeStore } from "../fakes/fake_store.ts";
import type { PolicyRequest, TryRequest } from "../../../registry/runtime/mod.ts";
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

/** A live policy on fake workers; closed when disposed of. */
export interface StartedPolicy<Store extends PolicyStore = FakeStore> extends Disposable {
  readonly live: LivePolicy;
  readonly store: Store;
  readonly fake: FakePool;
  readonly log: string[];
}

/** What a test may set of {@linkcode startLivePolicy}. */
export interface StartPolicyOptions<Store extends PolicyStore>
  extends Pick<FakePoolOptions, "size" | "auto"> {
  readonly store: Store;
  readonly seed?: Seed;
}

/** Starts the live policy of the pair of {@linkcode TARGET}, on an empty {@linkcode FakeStore} unless given. */
export function startLivePolicy(
  options?: Partial<StartPolicyOptions<FakeStore>>,
): Promise<StartedPolicy>;
/** Starts it on any store. */
export function startLivePolicy<Store extends PolicyStore>(
  options: StartPolicyOptions<Store>,
): Promise<StartedPolicy<Store>>;
export async function startLivePolicy(
  options: Partial<StartPolicyOptions<PolicyStore>> = {},
): Promise<StartedPolicy<PolicyStore>> {
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
