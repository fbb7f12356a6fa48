import pLimit from "p-limit";
import { PairNotReadyError, PluginError, UnknownPairError } from "./base/errors.ts";
import { type LoadedPair, loadPair, type LoadPairContext } from "./load_pair.ts";
import type { Plugin } from "./pair/discover.ts";
import { parsePair } from "./pair/pair.ts";

/** A plugin and what became of it. */
export interface PairEntry {
  /** Name of the pair; of the plugin's folder if the pair could not be read. */
  readonly name: string;
  /** Whether the pair can answer. */
  readonly status: "loading" | "ready" | "failed";
  /** Why it failed: the field and what was expected. */
  readonly reason?: string | undefined;
  /** The pair, once ready. */
  readonly loaded?: LoadedPair | undefined;
}

/** The plugins of a server: loads them, gives each its name, knows what became of them. */
export class PairEntries {
  readonly #context: LoadPairContext;
  readonly #entries: PairEntry[] = [];
  #closed = false;

  /**
   * There are no plugins yet.
   *
   * @param context Where pairs are loaded.
   */
  constructor(context: Omit<LoadPairContext, "inTurn">) {
    // Models are loaded and measured one pair after the other, so that costs are not disturbed.
    this.#context = { ...context, inTurn: pLimit(1) };
  }

  /** All plugins in the order in which they were found. */
  get all(): readonly PairEntry[] {
    return this.#entries;
  }

  /** Whether every pair is ready or failed, and at least one is ready. */
  get ready(): boolean {
    return this.#entries.some((entry) => entry.status === "ready") &&
      this.#entries.every((entry) => entry.status !== "loading");
  }

  /**
   * Finds a pair's entry.
   *
   * @throws {UnknownPairError} If there is no such pair.
   */
  find(name: string): PairEntry {
    const named = this.#entries.filter((entry) => entry.name === name);
    // A plugin that failed goes by its folder, which may be the name of a pair that serves.
    const entry = named.find((entry) => entry.status !== "failed") ?? named[0];
    if (!entry) throw new UnknownPairError(name, this.#entries.map((entry) => entry.name));
    return entry;
  }

  /**
   * Finds a pair that can answer.
   *
   * @throws {UnknownPairError} If there is no such pair.
   * @throws {PairNotReadyError} If it is loading or has failed.
   */
  loaded(name: string): LoadedPair {
    const { status, reason, loaded } = this.find(name);
    if (loaded) return loaded;
    throw new PairNotReadyError(name, reason ?? "it is still loading", status === "loading");
  }

  /** Loads a plugin. Never fails: what is wrong with it is in its entry and in the log. */
  async add(plugin: Plugin): Promise<void> {
    const index = this.#entries.push({ name: plugin.folder, status: "loading" }) - 1;
    const update = (entry: PairEntry) => this.#entries[index] = entry;
    let name = plugin.folder;
    try {
      const spec = parsePair(await importPlugin(plugin));
      this.#claim(spec.name, index, plugin);
      name = spec.name;
      update({ name, status: "loading" });
      const loaded = await loadPair(spec, plugin.url, this.#context);
      update({ name, status: "ready", loaded });
      if (this.#closed) closePair(loaded);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      update({ name, status: "failed", reason });
      this.#context.log(`pair ${name} failed: ${reason} (${plugin.folder}/pair.ts)`, {
        kind: "plugin_failed",
        pair: name,
      });
    }
  }

  /** Ends what the pairs do beside answering; also of those that are still loading. */
  close(): void {
    this.#closed = true;
    for (const { loaded } of this.#entries) if (loaded) closePair(loaded);
  }

  /** The plugin whose folder has the name goes first, then the one that was found first. */
  #claim(name: string, index: number, plugin: Plugin): void {
    const taken = this.#entries.some((entry, other) =>
      other !== index && entry.name === name && entry.status !== "failed" &&
      (plugin.folder !== name || other < index)
    );
    if (taken) {
      throw new PluginError("name", `${name} is the name of another plugin, expected a new one`);
    }
  }
}

function closePair({ live, availability }: LoadedPair): void {
  live.close();
  availability.close();
}

async function importPlugin(plugin: Plugin): Promise<unknown> {
  try {
    return await plugin.load();
  } catch (error) {
    throw new PluginError("pair.ts", `cannot be imported: ${(error as Error).message}`);
  }
}
