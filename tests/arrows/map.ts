/** A room of the house: a folder, or a file at the root, whose imports have an order. */
export interface Room {
  /** Path of the folder or file, relative to the root. */
  readonly path: string;
  /** Line of the map, from the top, from 0: a room reads itself and the lines below its own. */
  readonly line: number;
  /** What the room is for: the sentence beside its name. */
  readonly what: string;
}

const BLOCK = /^```map\n(.*?)^```$/ms;

/**
 * The rooms that the map in ARCHITECTURE.md names: the lines of its block that begins with ` ```map `.
 * A line is one or more paths with commas between them, two spaces or more, and what they are for.
 *
 * @param page The text of ARCHITECTURE.md.
 * @returns The rooms from the top of the map to its bottom.
 * @throws {SyntaxError} If the page has no such block, or a line is not of this form.
 */
export function readMap(page: string): Room[] {
  const block = page.match(BLOCK)?.[1];
  if (block === undefined) {
    throw new SyntaxError("Cannot read the map of ARCHITECTURE.md: expected a block of ```map");
  }
  const rooms: Room[] = [];
  for (const [line, text] of block.split("\n").filter((text) => text.trim() !== "").entries()) {
    const [, names, what] = text.match(/^([^\s,]+(?:, [^\s,]+)*) {2,}(\S.*)$/) ?? [];
    if (names === undefined || what === undefined) {
      throw new SyntaxError(
        `Cannot read the map of ARCHITECTURE.md: expected "path, path  what it is for", got "${text}"`,
      );
    }
    for (const path of names.split(", ")) {
      if (rooms.some((room) => room.path === path)) {
        throw new SyntaxError(`Cannot read the map of ARCHITECTURE.md: it names ${path} twice`);
      }
      rooms.push({ path, line, what });
    }
  }
  return rooms;
}

/** The room that a file lies in: the one with the longest path; `undefined` if the map has none. */
export function roomOf(rooms: readonly Room[], file: string): Room | undefined {
  return rooms
    .filter(({ path }) => file === path || file.startsWith(`${path}/`))
    .reduce<Room | undefined>(
      (longest, room) => room.path.length > (longest?.path.length ?? 0) ? room : longest,
      undefined,
    );
}

/** The rooms that a room may not read: those above it and those beside it on its line. */
export function roomsOutOfReach(rooms: readonly Room[], room: Room): Room[] {
  return rooms.filter(({ path, line }) => line <= room.line && path !== room.path);
}
