import type { ModelFile } from "../models/model_file.ts";
import type { BackendName, Backends, Session } from "../base/backend.ts";

interface Entry {
  readonly loading: Promise<Session>;
  users: number;
}

/**
 * The sessions of one thread, one for each model file however many nodes and pairs use it: the same
 * SHA-256 on the same backend is the same session, unless the file has a key of its own.
 */
export class SessionCache {
  readonly #backends: Backends;
  readonly #entries = new Map<string, Entry>();

  /** A cache without sessions. */
  constructor(backends: Backends) {
    this.#backends = backends;
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Gives the session of a model, which is loaded if nobody has it yet.
   *
   * @param file The model. Its hash is taken for granted.
   * @param backend What is to run it.
   * @returns A session to be released once; the last release frees the model's memory.
   * @throws {Error} If the backend cannot load the model; the next call tries again.
   */
  async take(
    { sha256, key: own, bytes }: ModelFile,
    backend: BackendName = "wasm",
  ): Promise<Session> {
    const key = `${backend} ${own ?? sha256}`;
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { loading: this.#backends[backend].load(bytes), users: 0 };
      this.#entries.set(key, entry);
    }
    entry.users++;
    try {
      const session = await entry.loading;
      return {
        served: session.served,
        get inputs() {
          return session.inputs;
        },
        get outputs() {
          return session.outputs;
        },
        get away() {
          return session.away;
        },
        describe: () => session.describe?.() ?? Promise.resolve(),
        run: (feeds) => session.run(feeds),
        release: this.#releaseOnce(key, entry, session),
      };
    } catch (error) {
      this.#forget(key, entry);
      throw error;
    }
  }

  #releaseOnce(key: string, entry: Entry, session: Session): () => Promise<void> {
    let released = false;
    return async () => {
      if (released) return;
      released = true;
      if (--entry.users > 0) return;
      this.#forget(key, entry);
      await session.release();
    };
  }

  /** The next who wants the model loads it anew; somebody may have done so already. */
  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
