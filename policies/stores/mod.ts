/**
 * Where policies are kept: one port, {@linkcode PolicyStore}, over files, Deno KV and memory.
 *
 * @module
 */

export * from "./store.ts";
export { sha256 } from "./history.ts";
export { FilePolicyStore, folderSeed } from "./files.ts";
export { KvPolicyStore, unlocked } from "./kv.ts";
export { MemoryPolicyStore, type Seed } from "./memory.ts";
