import { assertEquals } from "@std/assert";
import { folderCircles, folderSizes } from "./folders.ts";
import type { Module } from "./read_imports.ts";

/** Files that import what stands beside them. */
function tree(imports: Record<string, readonly string[]>): Module[] {
  return Object.entries(imports).map(([source, resolved]) =>
    ({ source, dependencies: resolved.map((resolved) => ({ resolved })) }) as unknown as Module
  );
}

Deno.test("folderCircles() finds folders that read each other, though no file does", () => {
  const files = tree({
    "a/one.ts": ["b/one.ts", "b/two.ts"],
    "a/two.ts": [],
    "b/one.ts": [],
    "b/two.ts": ["a/two.ts"],
  });
  assertEquals(folderCircles(files), [
    { from: "a/one.ts", to: "b/one.ts", imports: 2 },
    { from: "b/two.ts", to: "a/two.ts", imports: 1 },
  ]);
});

Deno.test("folderCircles() counts a folder with all that it holds", () => {
  const files = tree({
    "a/inner/one.ts": ["b/one.ts"],
    "a/two.ts": [],
    "b/one.ts": ["c/one.ts"],
    "c/one.ts": ["a/two.ts"],
  });
  assertEquals(folderCircles(files).map(({ from }) => from), [
    "a/inner/one.ts",
    "b/one.ts",
    "c/one.ts",
  ]);
});

Deno.test("folderCircles() finds a folder and the files beside it that read each other", () => {
  const files = tree({ "a/one.ts": ["a/b/one.ts"], "a/b/one.ts": [], "a/b/two.ts": ["a/one.ts"] });
  assertEquals(folderCircles(files).length, 2);
});

Deno.test("folderCircles() lets folders read each other one way, and files of one folder both", () => {
  const files = tree({
    "a/one.ts": ["a/two.ts", "b/one.ts", "a/c/one.ts", "npm/x.js"],
    "a/two.ts": ["a/one.ts"],
    "a/c/one.ts": ["b/one.ts"],
    "b/one.ts": [],
  });
  assertEquals(folderCircles(files), []);
});

Deno.test("folderSizes() counts the files of each folder, without those of its folders", () => {
  const files = tree({ "main.ts": [], "a/one.ts": [], "a/two.ts": [], "a/b/one.ts": [] });
  assertEquals([...folderSizes(files)], [["", 1], ["a", 2], ["a/b", 1]]);
});
