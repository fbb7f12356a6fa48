import type { Module } from "./read_imports.ts";

/** Imports from one folder to another: the first of them, by its files, and how many there are. */
export interface FolderArrow {
  readonly from: string;
  readonly to: string;
  readonly imports: number;
}

/** What the folders and files beside each other in one folder import of each other: from → to → imports. */
type Siblings = Map<string, Map<string, FolderArrow>>;

/**
 * The arrows of which circles between folders consist. Folders that lie side by side are looked at, each
 * with all that it holds; the files beside them count as one more folder.
 *
 * @param files The files to look at; what they import of others is left out.
 * @returns Every arrow that is part of a circle.
 */
export function folderCircles(files: readonly Module[]): FolderArrow[] {
  const houses = new Map<string, Siblings>();
  const known = new Set(files.map(({ source }) => source));
  for (const { source, dependencies } of files) {
    for (const { resolved } of dependencies) {
      if (known.has(resolved)) addArrow(houses, source, resolved);
    }
  }
  return [...houses.values()].flatMap((siblings) =>
    [...siblings].flatMap(([from, arrows]) =>
      [...arrows].filter(([to]) => reaches(siblings, to, from)).map(([, arrow]) => arrow)
    )
  );
}

/** How many of the files lie in each folder itself. */
export function folderSizes(files: readonly Module[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { source } of files) {
    const folder = source.slice(0, Math.max(0, source.lastIndexOf("/")));
    sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
  }
  return sizes;
}

function addArrow(houses: Map<string, Siblings>, from: string, to: string): void {
  const [own, other] = [from.split("/").slice(0, -1), to.split("/").slice(0, -1)];
  let depth = 0;
  while (depth < own.length && own[depth] === other[depth]) depth++;
  // Where a path ends, the file lies beside the folders.
  const [start, end] = [own[depth] ?? ".", other[depth] ?? "."];
  if (start === end) return;
  const house = own.slice(0, depth).join("/");
  const siblings = houses.get(house) ?? new Map();
  houses.set(house, siblings);
  const arrows = siblings.get(start) ?? new Map();
  siblings.set(start, arrows);
  const arrow = arrows.get(end) ?? { from, to, imports: 0 };
  arrows.set(end, { ...arrow, imports: arrow.imports + 1 });
}

function reaches(siblings: Siblings, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...(siblings.get(at)?.keys() ?? []));
  }
  return false;
}
