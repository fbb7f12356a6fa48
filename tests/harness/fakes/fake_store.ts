import {
  MemoryPolicyStore,
  type NewPolicy,
  type PolicyDraft,
  type PolicyRecord,
  type StoredPolicy,
} from "../../../policies/stores/mod.ts";
import { TARGET } from "../generators/policies.ts";

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
    const record = await super.read(pair);
    const laid = this.#laid?.text === record.head?.text ? undefined : this.#laid;
    return { ...record, draft: laid ?? record.draft };
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
