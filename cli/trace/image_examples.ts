import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import { decodeImage } from "../../registry/input/image/mod.ts";
import type { PairSpec } from "../../registry/mod.ts";
import type { Examples } from "./examples.ts";
import { ifThere } from "../shared/if_there.ts";

/** An image of 10,000 × 10,000. */
const MAX_PIXELS = 100_000_000;

/** A line of `labels.csv`. */
interface Row {
  /** Number of the line in the file. */
  readonly line: number;
  /** What it says, by column. */
  readonly record: Readonly<Record<string, string>>;
}

/**
 * Reads a folder of images with `labels.csv`: columns `file`, `class` (an index or a label of the
 * pair; the column can be left out) and, if wanted, `part` (0 or 1).
 *
 * @param folder The folder; images lie in it or in its folder `images`.
 * @param pair The pair that the data are for.
 * @param part The part of all examples where there is no such column.
 * @returns The examples, named as their files.
 * @throws {Error} If a line or an image cannot be used; names it.
 */
export async function readImageExamples(
  folder: URL,
  pair: PairSpec,
  part: number,
): Promise<Examples> {
  const text = await Deno.readTextFile(new URL("labels.csv", folder));
  const rows = parseRows(text);
  const ids = rows.map(({ record }) => record["file"] as string);
  const seen = new Set<string>();
  const twice = ids.findIndex((id) => seen.size === seen.add(id).size);
  if (twice >= 0) throw wrong(rows[twice] as Row, `${ids[twice]} is listed twice`);
  const labelled = "class" in (rows[0] as Row).record;
  const hash = createHash("sha256").update(`${part}\n`).update(text);
  const files = new Map<string, URL>();
  for (const [index, row] of rows.entries()) {
    const id = ids[index] as string;
    const { file, size, mtime } = await findImage(folder, row, id);
    files.set(id, file);
    // Contents are not read twice: who changes an image changes its time or size.
    hash.update(`${size} ${mtime?.getTime()}\n`);
  }
  return {
    ids,
    labels: labelled ? Int32Array.from(rows, (row) => parseClass(row, pair.labels)) : undefined,
    part: Uint8Array.from(rows, (row) => parsePart(row, part)),
    fingerprint: hash.digest("hex"),
    pixels: async (row) => {
      const file = files.get(ids[row] as string) as URL;
      try {
        return await decodeImage(await Deno.readFile(file), { maxPixels: MAX_PIXELS });
      } catch (cause) {
        throw new Error(`Cannot use ${file.pathname}: ${(cause as Error).message}`, { cause });
      }
    },
  };
}

function parseRows(text: string): Row[] {
  let parsed: { record: Record<string, string>; info: { lines: number } }[];
  try {
    const options = { columns: true, bom: true, skip_empty_lines: true, trim: true, info: true };
    parsed = parse(text, options) as unknown as typeof parsed;
  } catch (cause) {
    throw new Error(`Cannot use labels.csv: ${(cause as Error).message}`, { cause });
  }
  const rows = parsed.map(({ record, info }) => ({ line: info.lines, record }));
  const [first] = rows;
  if (!first) throw new Error("Cannot use labels.csv: expected a header and one line or more");
  if (!("file" in first.record)) {
    const columns = Object.keys(first.record).join(", ");
    throw new Error(`Cannot use labels.csv: expected a column file, got ${columns}`);
  }
  return rows;
}

async function findImage(
  folder: URL,
  row: Row,
  id: string,
): Promise<{ file: URL; size: number; mtime: Date | null }> {
  const path = id.split("/").map(encodeURIComponent).join("/");
  for (const file of [new URL(path, folder), new URL(`images/${path}`, folder)]) {
    const found = await ifThere(Deno.stat(file));
    if (found?.isFile) return { file, size: found.size, mtime: found.mtime };
  }
  throw wrong(row, `there is no image ${JSON.stringify(id)} in the folder, nor in images/`);
}

function parseClass(row: Row, labels: readonly string[]): number {
  const text = row.record["class"] ?? "";
  const index = /^\d+$/.test(text) ? Number(text) : labels.indexOf(text);
  if (index >= 0 && index < labels.length) {
    // ImageNet has two kinds of cranes.
    if (labels[index] !== text || labels.lastIndexOf(text) === index) return index;
    throw wrong(row, `more than one class is called ${text}, expected an index`);
  }
  throw wrong(
    row,
    `expected a class from 0 to ${labels.length - 1} or a label, got ${JSON.stringify(text)}`,
  );
}

function parsePart(row: Row, part: number): number {
  const text = row.record["part"] ?? String(part);
  if (text === "0" || text === "1") return Number(text);
  throw wrong(row, `expected part 0 or 1, got ${JSON.stringify(text)}`);
}

function wrong({ line }: Row, reason: string): Error {
  return new Error(`Cannot use line ${line} of labels.csv: ${reason}`);
}
