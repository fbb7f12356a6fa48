const BLOCK_BYTES = 1024 ** 2;

/**
 * Collects bytes whose number is not known. It holds what it was given and at most one block more,
 * however small the parts; nothing is allocated ahead.
 */
export class ByteBlocks {
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;

  /** How many bytes it has. */
  get length(): number {
    return this.#length;
  }

  /** Copies a part to the end. */
  add(part: Uint8Array): void {
    for (let at = 0; at < part.length;) {
      const used = this.#length % BLOCK_BYTES;
      if (used === 0) this.#blocks.push(new Uint8Array(BLOCK_BYTES));
      const piece = part.subarray(at, at + BLOCK_BYTES - used);
      this.#blocks.at(-1)?.set(piece, used);
      this.#length += piece.length;
      at += piece.length;
    }
  }

  /**
   * Gives all bytes as one and forgets them.
   *
   * @returns The bytes; every block is freed as soon as it is copied, so that memory is not taken twice.
   */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    for (const [at, block] of this.#blocks.entries()) {
      const start = at * BLOCK_BYTES;
      bytes.set(block.subarray(0, bytes.length - start), start);
      free(block);
    }
    this.#forget();
    return bytes;
  }

  /** Forgets all bytes and frees their memory. */
  clear(): void {
    for (const block of this.#blocks) free(block);
    this.#forget();
  }

  #forget(): void {
    this.#blocks.length = 0;
    this.#length = 0;
  }
}

/** At once: the garbage collector may take its time with what lies outside of its heap. */
function free({ buffer }: Uint8Array<ArrayBuffer>): void {
  buffer.transfer(0);
}
