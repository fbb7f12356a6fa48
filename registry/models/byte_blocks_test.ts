import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ByteBlocks } from "./byte_blocks.ts";

Deno.test("ByteBlocks gives all bytes in their order, whatever the parts", () => {
  const parts = fc.array(fc.integer({ min: 0, max: 700_000 }), { maxLength: 6 });
  fc.assert(
    fc.property(parts, (lengths) => {
      const blocks = new ByteBlocks();
      let count = 0;
      for (const length of lengths) {
        blocks.add(Uint8Array.from({ length }, () => count++ % 251));
      }
      assertEquals(blocks.length, count);
      const bytes = blocks.take();
      assertEquals(bytes.length, count);
      assertEquals(bytes.buffer.byteLength, count);
      assertEquals(bytes.every((value, at) => value === at % 251), true);
      assertEquals([blocks.length, blocks.take().length], [0, 0]);
    }),
    { numRuns: 15 },
  );
});

Deno.test("ByteBlocks fills blocks to the last byte", () => {
  const blocks = new ByteBlocks();
  for (let part = 0; part < 4; part++) blocks.add(new Uint8Array(512 * 1024).fill(part));
  const bytes = blocks.take();
  assertEquals(bytes.length, 2 * 1024 ** 2);
  assertEquals([0, 1, 2, 3].map((part) => bytes[part * 512 * 1024]), [0, 1, 2, 3]);
});

Deno.test("ByteBlocks copies what it is given and can be cleared", () => {
  const blocks = new ByteBlocks();
  const part = Uint8Array.of(1, 2);
  blocks.add(part);
  part.fill(9);
  assertEquals(blocks.take(), Uint8Array.of(1, 2));
  blocks.add(part);
  blocks.clear();
  blocks.add(Uint8Array.of(3));
  assertEquals(blocks.take(), Uint8Array.of(3));
});
