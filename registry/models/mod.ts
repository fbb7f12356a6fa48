/**
 * Where models come from: files beside the plugin, the network by way of the cache, other servers; each
 * known by its hash.
 *
 * @example A model in the cache is named by its hash
 * ```ts
 * import { cachedFile, hashOf } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sha256 = hashOf(new TextEncoder().encode("not a model"));
 * const file = cachedFile(new URL("file:///srv/models/"), sha256);
 * assertEquals(file.pathname, `/srv/models/${sha256}.onnx`);
 * assertEquals(sha256.slice(0, 8), "708811cc");
 * ```
 *
 * @module
 */

export { downloadModel, type DownloadOptions, WrongHashError } from "./download_model.ts";
export { cachedFile, hashOf, MODEL_CACHE, readCached } from "./model_cache.ts";
export { type ModelFile } from "./model_file.ts";
export { type ConnectionOptions, type Lookup } from "./open_connection.ts";
export { type Parameter, type RemoteModel } from "./remote_model.ts";
export { shownSource } from "./shown_source.ts";
export { DEFAULT_SOURCE_RULES, type SourceRules } from "./source_rules.ts";
export { networkSource, readModels, type ReadModelsOptions } from "./sources.ts";
