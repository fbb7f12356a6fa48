import type { ModelFile } from "../sources.ts";
import type { Backend, Session } from "./backend.ts";

interface Entry {
  readonly loading: Promise<Session>;
  users: number;
}

/**
 * The sessions of one thread, one for each model file however many nodes and pairs use it: the same
 * SHA-256 is the same session.
 */
export class SessionCache {
  readonly #backend: Backend;
  readonly #entries = new Map<string, Entry>();

  /** A cache without sessions. */
  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** How many sessions are held. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Gives the session of a model, which is loaded if nobody has it yet.
   *
   * @param file The model. Its hash is taken for granted.
   * @returns A session to be released once; the last release frees the model's memory.
   * @throws {Error} If the backend cannot load the model; the next call tries again.
   */
  async take({ sha256, bytes }: ModelFile): Promise<Session> {
    let entry = this.#entries.get(sha256);
    if (!entry) {
      entry = { loading: this.#backend.load(bytes), users: 0 };
      this.#entries.set(sha256, entry);
    }
    entry.users++;
    try {
      const session = await entry.loading;
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        run: (feeds) => session.run(feeds),
        release: this.#releaseOnce(sha256, entry, session),
      };
    } catch (error) {
      this.#forget(sha256, entry);
      throw error;
    }
  }

  #releaseOnce(sha256: string, entry: Entry, session: Session): () => Promise<void> {
    let released = false;
    return async () => {
      if (released) return;
      released = true;
      if (--entry.users > 0) return;
      this.#forget(sha256, entry);
      await session.release();
    };
  }

  /** The next who wants the model loads it anew; somebody may have done so already. */
  #forget(sha256: string, entry: Entry): void {
    if (this.#entries.get(sha256) === entry) this.#entries.delete(sha256);
  }
}
