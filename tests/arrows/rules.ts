/**
 * All rules of `deno task circular`: which file may import which. The order of the rooms is not here:
 * it is the map in ARCHITECTURE.md.
 *
 * @module
 */

import type { IRegularForbiddenRuleType } from "dependency-cruiser";
import { type Room, roomsOutOfReach } from "./map.ts";

/** A rule by its name, with the reason for it. */
export interface Rule {
  readonly name: string;
  readonly reason: string;
}

/** A rule about imports: none of `from` may read any of `to`. */
export interface ImportRule extends Rule, Pick<IRegularForbiddenRuleType, "from" | "to"> {}

/** With fewer than these, the tool has not read the code. */
export const AT_LEAST = { modules: 500, imports: 2000 } as const;

/** Source files, tests not counted, that a folder may have. */
export const MAX_FILES = 25;

const TEST_FILE = "_test\\.ts$";
const PACKAGE = "(^|/)node_modules/";

/** The rules that are not about the order of the rooms. */
const RULES: readonly ImportRule[] = [
  {
    name: "resolved imports",
    reason: "what cannot be resolved is not checked: see the imports of deno.json",
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: "no circle of files",
    reason: "files that import each other can only be understood, and loaded, together",
    from: {},
    to: { circular: true },
  },
  {
    name: "tests import sources",
    reason: "a *_test.ts is run, never imported; what tests share lies in tests/harness",
    from: {},
    to: { path: TEST_FILE },
  },
  {
    name: "only tests read tests",
    reason: "sources know no tests; bench/ shares tests/harness with them",
    from: { pathNot: ["^tests/", TEST_FILE] },
    to: { path: "^tests/", pathNot: "^tests/harness/" },
  },
  {
    name: "policies know no runtime",
    reason: "policies/ looks at what models answered, whatever ran them: no ONNX Runtime",
    from: { path: "^policies/", pathNot: TEST_FILE },
    to: { path: `${PACKAGE}onnxruntime-[^/]+/` },
  },
  {
    name: "the server does not learn",
    reason: "policies/learn is for tasks: nothing that serves may load it",
    from: {
      path: "^(main\\.ts$|(server|routes|registry|policies)/)",
      pathNot: ["^policies/learn/", TEST_FILE],
    },
    to: { path: "^policies/learn/" },
  },
  {
    name: "the walk is pure",
    reason:
      "registry/walk knows neither HTTP nor ONNX Runtime: only a selector and what runs a node",
    from: { path: "^registry/walk/", pathNot: TEST_FILE },
    to: { path: `${PACKAGE}(hono|onnxruntime-[^/]+)/` },
  },
  {
    name: "plugins see only sluice",
    reason:
      "a pair must work outside of this repository, where it has the package and nothing else",
    from: { path: "^(examples|registry/plugins)/", pathNot: TEST_FILE },
    to: {
      pathNot: ["^(examples|registry/plugins)/", "^registry/pair/mod\\.ts$", PACKAGE],
      dependencyTypesNot: ["core"],
    },
  },
  {
    name: "through the door",
    reason: "from outside of a top folder only a mod.ts is imported: the rest may change unseen",
    from: { path: "^([^/]+)" },
    to: {
      path: "^[^/]+/.+\\.[cm]?[jt]sx?$",
      // tests/ has no doors: what tests share is taken file by file, so that each loads only what it needs.
      // The worker is a script that is run, as main.ts is.
      pathNot: ["^$1/", "(^|/)mod\\.ts$", "^tests/", "^registry/runtime/worker\\.ts$", PACKAGE],
    },
  },
];

/** Rules about folders and about the map, which are not about one import. */
export const HOUSE_RULES = {
  folderCircle: {
    name: "no circle of folders",
    reason: "folders side by side, and the files beside them, read each other one way only; " +
      "tests do not count",
  },
  folderSize: {
    name: "small folders",
    reason: `a folder with more than ${MAX_FILES} source files is not seen at a glance: part it`,
  },
  onTheMap: {
    name: "on the map",
    reason: "every source file lies in a room of ARCHITECTURE.md's map, and every room has files",
  },
  floor: {
    name: "enough was read",
    reason: `expected at least ${AT_LEAST.modules} modules and ${AT_LEAST.imports} imports: ` +
      "dependency-cruiser and TypeScript are pinned together in deno.json, see CONTRIBUTING.md",
  },
} as const satisfies Record<string, Rule>;

/**
 * All rules about imports.
 *
 * @param rooms The rooms of the map: each may read itself and those on the lines below it.
 */
export function importRules(rooms: readonly Room[]): ImportRule[] {
  const order = rooms
    .filter((room) => roomsOutOfReach(rooms, room).length > 0)
    .map((room) => orderOf(room, rooms));
  return [...RULES, ...order];
}

function orderOf(room: Room, rooms: readonly Room[]): ImportRule {
  return {
    name: `order of ${room.path}`,
    reason: `${room.path} (${room.what}) reads itself and what stands below it in the map of ` +
      "ARCHITECTURE.md",
    // A unit test stands with the tests, at the top of the map, wherever it lies.
    from: { path: inRoom(room, rooms), pathNot: TEST_FILE },
    to: { path: roomsOutOfReach(rooms, room).map((other) => inRoom(other, rooms)) },
  };
}

/** Matches the files of a room without those of the rooms inside of it. */
function inRoom({ path }: Room, rooms: readonly Room[]): string {
  if (path.endsWith(".ts")) return `^${literal(path)}$`;
  const inner = rooms.filter((room) => room.path.startsWith(`${path}/`))
    .map((room) => literal(room.path.slice(path.length + 1)));
  return `^${literal(path)}/${inner.length > 0 ? `(?!(${inner.join("|")})/)` : ""}`;
}

function literal(path: string): string {
  return path.replaceAll(".", "\\.");
}
