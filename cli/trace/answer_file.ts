/**
 * Answers of all nodes to one example after the other, in a file that outlives an interruption:
 * float32, nothing else. A row that was cut off counts as not written.
 */
export class AnswerFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #width: number;
  #rows: number;

  private constructor(file: Deno.FsFile, width: number, rows: number) {
    this.#file = file;
    this.#width = width;
    this.#rows = rows;
  }

  /**
   * Opens the file, which is made if it does not exist.
   *
   * @param url Where it lies.
   * @param width Numbers in a row.
   * @param most Rows that there are to be.
   */
  static async open(url: URL, width: number, most: number): Promise<AnswerFile> {
    await Deno.mkdir(new URL("./", url), { recursive: true });
    const file = await Deno.open(url, { read: true, write: true, create: true });
    const { size } = await file.stat();
    const rows = Math.min(most, Math.floor(size / (4 * width)));
    await file.truncate(rows * 4 * width);
    await file.seek(0, Deno.SeekMode.End);
    return new AnswerFile(file, width, rows);
  }

  /** How many rows have been written. */
  get rows(): number {
    return this.#rows;
  }

  /** Adds a row. */
  append(row: Float32Array<ArrayBuffer>): void {
    let bytes = new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
    while (bytes.length > 0) bytes = bytes.subarray(this.#file.writeSync(bytes));
    this.#rows++;
  }

  /** All rows, one after the other. */
  read(): Float32Array {
    const bytes = new Uint8Array(this.#rows * this.#width * 4);
    this.#file.seekSync(0, Deno.SeekMode.Start);
    for (let filled = 0; filled < bytes.length;) {
      const read = this.#file.readSync(bytes.subarray(filled));
      if (read === null) throw new Error("Cannot read answers: the file has become shorter");
      filled += read;
    }
    return new Float32Array(bytes.buffer);
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}
