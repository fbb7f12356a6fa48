import { fileURLToPath } from "node:url";
import { appendVersion, sha256 } from "./history.ts";
import {
  AUDITED_VERSIONS,
  KEPT_VERSIONS,
  type NewPolicy,
  type PolicyCanary,
  type PolicyRecord,
  type PolicyStore,
  PolicyStoreError,
  type PolicyVersion,
  type StoredPolicy,
} from "./store.ts";
import type { Seed } from "./memory.ts";
import { withFileLock } from "./file_lock.ts";
import { pollFor } from "./poll.ts";
import { isSystemError, readJson, readText, removeFile, signatureOf } from "./read_file.ts";
import { replaceFile } from "./replace_file.ts";

/** Names that a pair can have; everything else could lead out of the directory. */
const PAIR_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

const POLL_MS = 200;

/**
 * The documents of a folder as a {@linkcode Seed}.
 *
 * @param directory A `file:` URL with a trailing slash.
 * @returns Gives the text of `<pair>.json`, if there is such a file.
 */
export function folderSeed(directory: URL): Seed {
  return async (pair) => {
    if (!PAIR_NAME.test(pair)) return;
    const file = new URL(`${pair}.json`, directory);
    const text = await readText(file);
    return text === undefined ? undefined : { text, from: fileURLToPath(file) };
  };
}

/** What `.versions/<pair>/history.json` holds. */
interface History {
  /** The audit trail, the latest first. */
  readonly versions: readonly PolicyVersion[];
  /** The version that is being written: it counts once `<pair>.json` has its text. */
  readonly next?: PolicyVersion | undefined;
}

/**
 * Policies as files: `<pair>.json` in one directory, which may be edited by hand, and the versions
 * that it has had in `.versions/<pair>/`. What lies in `<pair>.json` is always the truth; a text that
 * is no version yet is a draft.
 */
export class FilePolicyStore implements PolicyStore {
  /** Which store it is. */
  readonly name = "files";
  readonly #directory: URL;

  /**
   * Opens a directory; it need not exist.
   *
   * @param directory A `file:` URL.
   */
  constructor(directory: URL) {
    this.#directory = new URL(directory.href.replace(/\/?$/, "/"));
  }

  /**
   * Reads `<pair>.json` and the history.
   *
   * @throws {PolicyStoreError} If the history is damaged.
   * @throws {Error} If there is a file that cannot be read.
   */
  async read(pair: string): Promise<PolicyRecord> {
    if (!PAIR_NAME.test(pair)) return {};
    const { versions: [latest], next } = await this.#settled(pair);
    const file = this.#live(pair);
    const text = await readText(file);
    const canary = await this.#readCanary(pair);
    if (latest && (text === undefined || sha256(text) === latest.sha256)) {
      return { head: await this.#stored(pair, latest, text), ...(canary && { canary }) };
    }
    // What is a draft by the history of before may be a version by now.
    const now = await this.#history(pair);
    if (now.versions[0]?.version !== latest?.version || (now.next && !next)) {
      return await this.read(pair);
    }
    const draft = text === undefined ? undefined : { text, from: fileURLToPath(file) };
    return {
      ...(latest && { head: await this.#stored(pair, latest) }),
      draft,
      ...(canary && { canary }),
    };
  }

  /** Stores a version and writes it to `<pair>.json`. */
  async put(pair: string, policy: NewPolicy, after: number): Promise<StoredPolicy> {
    if (!PAIR_NAME.test(pair)) throw new PolicyStoreError(`Cannot store a policy of ${pair}`);
    return await this.#locked(pair, async () => {
      const history = await this.#settle(pair);
      const added = appendVersion(pair, history, policy, after);
      const live = await readText(this.#live(pair));
      if (live !== policy.text) await this.#keepRefused(pair, live, history[0]);
      await this.#write(pair, this.#version(pair, added.version.version), policy.text);
      await this.#writeHistory(pair, { versions: history, next: added.version });
      // An edit lies there already; an editor that has it open should not find it changed.
      if (live !== policy.text) await this.#write(pair, this.#live(pair), policy.text);
      await this.#finish(pair, added.history);
      return { ...added.version, text: policy.text };
    });
  }

  /** Writes the canary beside the versions. */
  async setCanary(pair: string, canary: PolicyCanary | undefined): Promise<void> {
    if (!PAIR_NAME.test(pair)) throw new PolicyStoreError(`Cannot store a policy of ${pair}`);
    await this.#locked(pair, async () => {
      const file = this.#canary(pair);
      if (canary) return await this.#write(pair, file, `${JSON.stringify(canary, null, 2)}\n`);
      await removeFile(file);
    });
  }

  /** The audit trail. */
  async versions(pair: string): Promise<readonly PolicyVersion[]> {
    return PAIR_NAME.test(pair) ? (await this.#history(pair)).versions : [];
  }

  /** Reads the text of a version. */
  async text(pair: string, version: number): Promise<string | undefined> {
    const [latest] = await this.versions(pair);
    if (!latest || version > latest.version || version <= latest.version - KEPT_VERSIONS) return;
    return await readText(this.#version(pair, version));
  }

  /** Looks at the files a few times a second, which works with every editor and every file system. */
  watch(pair: string, changed: () => void, signal: AbortSignal): void {
    if (!PAIR_NAME.test(pair)) return;
    const files = [this.#live(pair), this.#historyFile(pair), this.#canary(pair)];
    const look = async () => (await Promise.all(files.map(signatureOf))).join();
    pollFor(look, changed, { ms: POLL_MS, signal });
  }

  /** The history, after what a killed process had begun; as it lies there if nothing can be written. */
  async #settled(pair: string): Promise<History> {
    const history = await this.#history(pair);
    if (!history.next) return history;
    // Somebody is writing, or was killed at it: the lock tells which.
    await this.#locked(pair, () => this.#settle(pair)).catch((error) => {
      if (!(error instanceof PolicyStoreError)) throw error;
    });
    return await this.#history(pair);
  }

  /** Finishes or forgets what a killed process had begun; to be called under the lock. */
  async #settle(pair: string): Promise<readonly PolicyVersion[]> {
    const { versions, next } = await this.#history(pair);
    if (!next) return versions;
    const text = await readText(this.#live(pair));
    const written = text !== undefined && sha256(text) === next.sha256;
    const settled = written ? [next, ...versions].slice(0, AUDITED_VERSIONS) : versions;
    await this.#finish(pair, settled);
    return settled;
  }

  /** The text goes before the history, so that whoever is killed in between does both again. */
  async #finish(pair: string, versions: readonly PolicyVersion[]): Promise<void> {
    const dropped = (versions[0]?.version ?? 0) - KEPT_VERSIONS;
    if (dropped > 0) await Deno.remove(this.#version(pair, dropped)).catch(() => {});
    await this.#writeHistory(pair, { versions });
  }

  /** What somebody wrote into the file and was refused is not lost when a version takes its place. */
  async #keepRefused(
    pair: string,
    live: string | undefined,
    latest: PolicyVersion | undefined,
  ): Promise<void> {
    if (live === undefined || sha256(live) === latest?.sha256) return;
    await this.#write(pair, new URL("replaced.json", this.#folder(pair)), live);
  }

  async #stored(pair: string, info: PolicyVersion, text?: string): Promise<StoredPolicy> {
    const kept = text ?? await readText(this.#version(pair, info.version));
    if (kept !== undefined) return { ...info, text: kept };
    throw new Error(`${fileURLToPath(this.#version(pair, info.version))} is missing`);
  }

  async #history(pair: string): Promise<History> {
    const history = await readJson(this.#historyFile(pair), {
      isFit: (value) => Array.isArray((value as Partial<History> | null)?.versions),
      hint: "without it the versions are counted from 1 again",
    });
    return (history as History | undefined) ?? { versions: [] };
  }

  async #readCanary(pair: string): Promise<PolicyCanary | undefined> {
    const canary = await readJson(this.#canary(pair), {
      isFit: (value) => {
        const { text, share, date } = (value ?? {}) as Partial<PolicyCanary>;
        return typeof text === "string" && typeof share === "number" && typeof date === "string";
      },
      hint: "without it there is no canary",
    });
    return canary as PolicyCanary | undefined;
  }

  #writeHistory(pair: string, history: History): Promise<void> {
    return this.#write(pair, this.#historyFile(pair), `${JSON.stringify(history, null, 2)}\n`);
  }

  #write(pair: string, file: URL, text: string): Promise<void> {
    // The same name each time, under the lock: a process that is killed leaves one file at most.
    const temporary = new URL("writing", this.#folder(pair));
    return replaceFile(file, new TextEncoder().encode(text), temporary);
  }

  async #locked<T>(pair: string, task: () => Promise<T>): Promise<T> {
    try {
      return await withFileLock(new URL("lock", this.#folder(pair)), task);
    } catch (cause) {
      if (!isSystemError(cause)) throw cause;
      const folder = fileURLToPath(this.#directory);
      throw new PolicyStoreError(`Cannot write to ${folder}: ${cause.message}`, { cause });
    }
  }

  #live(pair: string): URL {
    return new URL(`${pair}.json`, this.#directory);
  }

  #folder(pair: string): URL {
    return new URL(`.versions/${pair}/`, this.#directory);
  }

  #historyFile(pair: string): URL {
    return new URL("history.json", this.#folder(pair));
  }

  #canary(pair: string): URL {
    return new URL("canary.json", this.#folder(pair));
  }

  #version(pair: string, version: number): URL {
    return new URL(`${version}.json`, this.#folder(pair));
  }
}
