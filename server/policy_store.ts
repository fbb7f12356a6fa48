import { fileURLToPath } from "node:url";
import {
  FilePolicyStore,
  folderSeed,
  KvPolicyStore,
  MemoryPolicyStore,
  type PolicyStore,
  type Seed,
  unlocked,
} from "../policies/stores/mod.ts";
import type { Config, StoreKind } from "./config.ts";

/** The settings that say where policies are kept. */
export type StoreSettings = Pick<Config, "store" | "kvPath" | "onDeploy">;

/** A store that is open. */
export interface OpenStore extends Disposable {
  /** The store. */
  readonly store: PolicyStore;
  /** The documents that ship, where the store is not their folder. */
  readonly seed?: Seed | undefined;
}

/**
 * Opens the store of policies that the settings ask for.
 *
 * @param settings See {@linkcode StoreSettings}.
 * @param folder The folder of the policy documents, with a trailing slash.
 * @param log Is told when policies will not outlive the process though nobody asked for that.
 * @returns The store.
 * @throws {RangeError} If `SLUICE_STORE` is `kv` and there is no Deno KV.
 */
export async function openPolicyStore(
  settings: StoreSettings,
  folder: URL,
  log: (line: string) => void,
): Promise<OpenStore> {
  return await STORES[settings.store]({ settings, folder, log, seed: folderSeed(folder) });
}

/** What stores are opened with. */
interface Opening {
  readonly settings: StoreSettings;
  readonly folder: URL;
  readonly log: (line: string) => void;
  /** Gives the documents that ship. */
  readonly seed: Seed;
}

/** How each store is opened. */
const STORES: Readonly<Record<StoreKind, (opening: Opening) => Promise<OpenStore>>> = {
  auto: openSuitable,
  files: ({ folder }) => Promise.resolve(withoutEnd(new FilePolicyStore(folder))),
  kv: async (opening) => {
    try {
      return await openKvStore(opening);
    } catch (error) {
      throw new RangeError(`Cannot use SLUICE_STORE="kv": ${messageOf(error)}`);
    }
  },
  memory: ({ seed }) => Promise.resolve(withoutEnd(new MemoryPolicyStore(seed))),
};

async function openSuitable(opening: Opening): Promise<OpenStore> {
  const { settings: { onDeploy }, folder, log } = opening;
  if (!onDeploy) return await STORES[await canWrite(folder, log) ? "files" : "memory"](opening);
  try {
    return await openKvStore(opening);
  } catch (error) {
    const reason = messageOf(error);
    log(`no Deno KV database (${reason}): policies live in memory, until this instance ends`);
    return await STORES.memory(opening);
  }
}

async function openKvStore({ settings: { kvPath }, seed }: Opening): Promise<OpenStore> {
  const kv = await openKv(kvPath);
  return { store: new KvPolicyStore(kv, seed), seed, [Symbol.dispose]: () => kv.close() };
}

/** A store that holds nothing which must be closed. */
function withoutEnd(store: PolicyStore): OpenStore {
  return { store, [Symbol.dispose]: () => {} };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Asks for the permission before it tries, because trying would ask the user at a terminal. */
async function canWrite(folder: URL, log: (line: string) => void): Promise<boolean> {
  try {
    const { state } = await Deno.permissions.query({ name: "write", path: folder });
    if (state !== "granted") throw new Error("no write permission");
    await Deno.mkdir(folder, { recursive: true });
    await Deno.remove(await Deno.makeTempFile({ dir: fileURLToPath(folder), prefix: ".trial-" }));
    return true;
  } catch (error) {
    const path = fileURLToPath(folder);
    log(
      `${path} cannot be written (${
        messageOf(error)
      }): policies live in memory, until this process ends`,
    );
    return false;
  }
}

async function openKv(path: string | undefined): Promise<Deno.Kv> {
  // Only there with --unstable-kv, and on Deno Deploy.
  if (typeof Deno.openKv !== "function") {
    throw new Error("this runtime has no Deno.openKv, expected the flag --unstable-kv");
  }
  // Two processes that open a new file at the same time are in each other's way.
  return await unlocked(() => Deno.openKv(path));
}
