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
import type { Config } from "./config.ts";

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
 * @param config The settings.
 * @param folder The folder of the policy documents, with a trailing slash.
 * @param log Is told when policies will not outlive the process though nobody asked for that.
 * @returns The store.
 * @throws {RangeError} If `SLUICE_STORE` is `kv` and there is no Deno KV.
 */
export async function openPolicyStore(
  { store: kind, kvPath, onDeploy }: Pick<Config, "store" | "kvPath" | "onDeploy">,
  folder: URL,
  log: (line: string) => void,
): Promise<OpenStore> {
  const seed = folderSeed(folder);
  if (kind === "files" || (kind === "auto" && !onDeploy && await canWrite(folder, log))) {
    return { store: new FilePolicyStore(folder), [Symbol.dispose]: () => {} };
  }
  if (kind === "kv" || (kind === "auto" && onDeploy)) {
    try {
      const kv = await openKv(kvPath);
      return { store: new KvPolicyStore(kv, seed), seed, [Symbol.dispose]: () => kv.close() };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (kind === "kv") throw new RangeError(`Cannot use SLUICE_STORE="kv": ${message}`);
      log(`no Deno KV database (${message}): policies live in memory, until this instance ends`);
    }
  }
  return { store: new MemoryPolicyStore(seed), [Symbol.dispose]: () => {} };
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
    const reason = error instanceof Error ? error.message : String(error);
    const path = fileURLToPath(folder);
    log(`${path} cannot be written (${reason}): policies live in memory, until this process ends`);
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
