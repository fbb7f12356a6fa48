import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { parseIdx, readIdx } from "./idx.ts";
import { idxFile } from "../../tests/harness/files/idx_files.ts";

Deno.test("parseIdx() reads shape and elements", () => {
  const bytes = idxFile([2, 1, 3], [1, 2, 3, 4, 5, 255]);
  assertEquals(parseIdx(bytes), {
    shape: [2, 1, 3],
    data: Uint8Array.of(1, 2, 3, 4, 5, 255),
  });
});

const whole = idxFile([2, 2], [1, 2, 3, 4]);
const REFUSALS: [what: string, bytes: Uint8Array, reason: string][] = [
  ["an empty file", new Uint8Array(), "IDX file of unsigned bytes"],
  ["another element type", whole.with(2, 13), "IDX file of unsigned bytes"],
  ["another magic number", whole.with(0, 1), "IDX file of unsigned bytes"],
  ["a file that ends in its header", whole.subarray(0, 9), "IDX file of unsigned bytes"],
  ["a file that ends early", whole.subarray(0, -1), "expected 4 bytes for shape [2, 2], got 3"],
  ["a file that goes on", Uint8Array.of(...whole, 0), "expected 4 bytes for shape [2, 2], got 5"],
];

for (const [what, bytes, reason] of REFUSALS) {
  Deno.test(`parseIdx() refuses ${what}`, () => {
    assertThrows(() => parseIdx(bytes), SyntaxError, reason);
  });
}

Deno.test("readIdx() reads files that are gzipped and files that are not", async () => {
  await using folder = await makeFolder();
  const [plain, packed] = [new URL("plain", folder.url), new URL("packed.gz", folder.url)];
  await Deno.writeFile(plain, whole);
  const stream = new Blob([whole]).stream().pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(packed, stream);
  assertEquals(await readIdx(packed), await readIdx(plain));
});

Deno.test("readIdx() names the file that is damaged", async () => {
  await using folder = await makeFolder();
  const file = new URL("damaged", folder.url);
  for (const bytes of [Uint8Array.of(1, 2, 3), Uint8Array.of(0x1f, 0x8b, 3)]) {
    await Deno.writeFile(file, bytes);
    await assertRejects(() => readIdx(file), Error, "/damaged: ");
  }
});
