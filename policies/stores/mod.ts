/**
 * Where policies are kept: one port, {@linkcode PolicyStore}, over files, Deno KV and memory.
 *
 * @example Compare and set: a version is put after the one that was read
 * ```ts
 * import { MemoryPolicyStore, PolicyConflictError } from "./mod.ts";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const store = new MemoryPolicyStore();
 * const policy = { text: "{}", change: "put", from: "an example", operating_point: "p1" } as const;
 * const { version } = await store.put("digits", policy, 0);
 * assertEquals(version, 1);
 * await assertRejects(() => store.put("digits", policy, 0), PolicyConflictError);
 * ```
 *
 * @module
 */

export * from "./store.ts";
export { sha256 } from "./history.ts";
export { FilePolicyStore, folderSeed } from "./files.ts";
export { KvPolicyStore, unlocked } from "./kv.ts";
export { replaceFile } from "./replace_file.ts";
export { MemoryPolicyStore, type Seed } from "./memory.ts";
