import { assert, assertEquals, assertThrows } from "@std/assert";
import { makeFolder } from "../harness/files/folders.ts";
import { readMap, roomsOutOfReach } from "./map.ts";
import { assertTypeScript } from "./read_imports.ts";
import { HOUSE_RULES, importRules, MAX_FILES } from "./rules.ts";

const PAGE = await Deno.readTextFile(new URL("../../ARCHITECTURE.md", import.meta.url));
const ROOMS = readMap(PAGE);

/** Files by their path in the tree, each with its text and the rules that it breaks. */
type Planted = Record<string, readonly [text: string, ...rules: string[]]>;

const PLANTED: Planted = {
  "bench/rings/one.ts": ['import "./two.ts";', "no circle of files"],
  "bench/rings/two.ts": ['import "./one.ts";'],
  "bench/east/one.ts": ['import "../west/one.ts";'],
  "bench/east/two.ts": [""],
  "bench/west/one.ts": [""],
  "bench/west/two.ts": ['import "../east/two.ts";'],
  "bench/unresolved.ts": ['import "sluize";', "resolved imports"],
  "bench/reads_harness.ts": ['import "../tests/harness/mod.ts";'],
  "bench/reads_tests.ts": [
    'import "../tests/inner.ts";',
    "only tests read tests",
    "order of bench",
  ],
  "cli/reads_harness.ts": ['import "../tests/harness/mod.ts";', "order of cli"],
  "cli/around.ts": ['import "../server/inner.ts";', "through the door"],
  "cli/around_test.ts": ['import "../server/inner.ts";', "through the door"],
  "console/page.ts": ["", "on the map"],
  "main.ts": ['import "./cli/mod.ts";', "order of main.ts"],
  "policies/commented.ts": ['/** import "../registry/mod.ts"; */'],
  "policies/runs.ts": ['await import("onnxruntime-web/wasm");', "policies know no runtime"],
  "policies/aliased.ts": ['import "sluice";', "order of policies"],
  "policies/typed.ts": ['import type {} from "../registry/mod.ts";', "order of policies"],
  "policies/again.ts": ['export * from "../registry/mod.ts";', "order of policies"],
  "policies/any_test.ts": ['import "../registry/mod.ts"; import "../tests/harness/inner.ts";'],
  "registry/learns.ts": ['import "../policies/learn/mod.ts";', "the server does not learn"],
  "registry/plugins/pair.ts": ['import "sluice"; import "node:os"; import "zod";'],
  "registry/plugins/looks.ts": ['import "../mod.ts";', "plugins see only sluice"],
  "registry/walk/answers.ts": ['import "hono";', "the walk is pure"],
  "routes/around.ts": ['import "../server/inner.ts";', "order of routes", "through the door"],
  "server/inner.ts": [""],
  "tests/harness/inner.ts": [""],
  "tests/inner.ts": [""],
  "tests/reads_test.ts": [
    'import "../policies/any_test.ts";',
    "tests import sources",
    "through the door",
  ],
};

/** A door for every room, and in each a file that reads the room that is nearest out of its reach. */
function plantedInRooms(): Planted {
  const folders = ROOMS.filter(({ path }) => !path.endsWith(".ts"));
  return Object.fromEntries(folders.flatMap((room) => {
    const other = roomsOutOfReach(folders, room).at(-1);
    const up = room.path.replaceAll(/[^/]+/g, "..");
    const text = `import "${up}/${other?.path}/mod.ts";`;
    return [
      [`${room.path}/mod.ts`, [""]],
      ...other === undefined ? [] : [
        [`${room.path}/looks_up.ts`, [
          text,
          `order of ${room.path}`,
          ...other.path === "tests" || other.path === "tests/std" ? ["only tests read tests"] : [],
        ]],
      ],
    ];
  }));
}

function manyFiles(folder: string): Planted {
  return Object.fromEntries(
    Array.from({ length: MAX_FILES + 1 }, (_, index) => [`${folder}/file_${index}.ts`, [""]]),
  );
}

async function write(root: URL, path: string, text: string): Promise<void> {
  const file = new URL(path, root);
  await Deno.mkdir(new URL(".", file), { recursive: true });
  await Deno.writeTextFile(file, text);
}

Deno.test("deno task circular finds what breaks each rule, and nothing else", async () => {
  const planted = { ...plantedInRooms(), ...PLANTED, ...manyFiles("bench/many") };
  await using folder = await makeFolder();
  await Promise.all([
    ...Object.entries(planted).map(([path, [text]]) => write(folder.url, path, text)),
    write(folder.url, "deno.json", '{ "imports": { "sluice": "./registry/pair/mod.ts" } }'),
    write(folder.url, "ARCHITECTURE.md", PAGE.replace("```map\n", "```map\nattic  empty\n")),
  ]);

  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "circular", folder.url.pathname],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  const found = [...said.matchAll(/^(\S+).*\n {2}breaks "(.+)": .+$/gm)]
    .map(([, where, rule]) => `${where?.replace(":", "")} breaks ${rule}`);

  assertEquals(code, 1, said);
  const circles = found.filter((finding) => finding.endsWith(HOUSE_RULES.folderCircle.name));
  const others = found.filter((finding) => !circles.includes(finding));
  for (const file of ["bench/east/one.ts", "bench/west/two.ts"]) {
    assert(circles.includes(`${file} breaks no circle of folders`), said);
  }
  const expected = [
    ...Object.entries(planted).flatMap(([path, [, ...rules]]) =>
      rules.map((rule) => `${path} breaks ${rule}`)
    ),
    "attic breaks on the map",
    "bench/many breaks small folders",
    `${Object.keys(planted).length} breaks enough was read`,
  ];
  assertEquals(others.sort(), expected.sort());
  const rules = [...importRules(ROOMS), ...Object.values(HOUSE_RULES)].map(({ name }) => name);
  const broken = found.map((finding) => finding.replace(/^.+? breaks /, ""));
  assertEquals(rules.filter((rule) => !broken.includes(rule)), []);
});

Deno.test("assertTypeScript() refuses a TypeScript that dependency-cruiser cannot use", () => {
  assertTypeScript("5.9.3");
  assertThrows(
    () => assertTypeScript("7.0.2"),
    Error,
    "Cannot read imports with TypeScript 7.0.2: expected 5.9",
  );
});
