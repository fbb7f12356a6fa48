import { assertEquals, assertThrows } from "@std/assert";
import { readMap, roomOf, roomsOutOfReach } from "./map.ts";

const PAGE = `# A page

\`\`\`map
cli                  what tasks run
shop                 what is sold
shop/till, shop/bin  what is paid; what is thrown away
main.ts              the entrance
\`\`\`
`;

Deno.test("readMap() gives the rooms from top to bottom, those of one line with the same number", () => {
  assertEquals(readMap(PAGE), [
    { path: "cli", line: 0, what: "what tasks run" },
    { path: "shop", line: 1, what: "what is sold" },
    { path: "shop/till", line: 2, what: "what is paid; what is thrown away" },
    { path: "shop/bin", line: 2, what: "what is paid; what is thrown away" },
    { path: "main.ts", line: 3, what: "the entrance" },
  ]);
});

Deno.test("readMap() refuses a page without a map, a line without a sentence, a room named twice", () => {
  assertThrows(() => readMap("# A page\n"), SyntaxError, "expected a block of ```map");
  assertThrows(
    () => readMap(PAGE.replace("what tasks run", "")),
    SyntaxError,
    'expected "path, path  what it is for", got "cli',
  );
  assertThrows(() => readMap(PAGE.replace("cli ", "shop")), SyntaxError, "it names shop twice");
});

Deno.test("roomOf() finds the innermost room, and none for what the map does not name", () => {
  const rooms = readMap(PAGE);
  const path = (file: string) => roomOf(rooms, file)?.path;
  assertEquals(path("shop/mod.ts"), "shop");
  assertEquals(path("shop/till/coins/mod.ts"), "shop/till");
  assertEquals(path("shop/tills.ts"), "shop");
  assertEquals(path("main.ts"), "main.ts");
  assertEquals(path("attic/mod.ts"), undefined);
});

Deno.test("roomsOutOfReach() names the lines above and the rooms beside", () => {
  const rooms = readMap(PAGE);
  const outOfReach = rooms.map((room) => roomsOutOfReach(rooms, room).map(({ path }) => path));
  assertEquals(outOfReach, [
    [],
    ["cli"],
    ["cli", "shop", "shop/bin"],
    ["cli", "shop", "shop/till"],
    ["cli", "shop", "shop/till", "shop/bin"],
  ]);
});
