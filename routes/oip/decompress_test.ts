import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { HTTPException } from "hono/http-exception";
import { decompress } from "./decompress.ts";

const MEGABYTE = 1 << 20;

async function compressed(bytes: Uint8Array<ArrayBuffer>, format: "gzip" | "deflate") {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function assertRefused(body: Uint8Array, encoding: string, status: number, message: string) {
  const error = assertThrows(() => decompress(body, encoding, MEGABYTE), HTTPException);
  assertEquals(error.status, status);
  assertStringIncludes(error.message, message);
}

for (const format of ["gzip", "deflate"] as const) {
  Deno.test(`decompress() undoes ${format}, into a buffer of its own`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 10_000 }), async (bytes) => {
        const content = decompress(
          await compressed(bytes, format),
          format.toUpperCase(),
          MEGABYTE,
        );
        assertEquals(content, bytes);
        assertEquals(content.buffer.byteLength, bytes.length);
      }),
      { numRuns: 30 },
    );
  });

  Deno.test(`decompress() refuses ${format} that is damaged or cut off`, async () => {
    const whole = await compressed(crypto.getRandomValues(new Uint8Array(1000)), format);
    const damaged = whole.map((byte, index) => index === 0 ? 0xff : byte);
    const cutOff = [0, 1, 500, whole.length - 1].map((length) => whole.subarray(0, length));
    for (const body of [damaged, ...cutOff, new Uint8Array(50)]) {
      assertRefused(body, format, 400, `the body is not ${format}`);
    }
  });

  Deno.test(`decompress() stops ${format} that grows beyond the limit, not before`, async () => {
    for (const size of [MEGABYTE, 32 * MEGABYTE]) {
      const most = await compressed(new Uint8Array(size), format);
      assertEquals(decompress(most, format, size).length, size);
    }
    const bomb = await compressed(new Uint8Array(64 * MEGABYTE), format);
    assertRefused(bomb, format, 413, `larger than ${MEGABYTE} bytes, once decompressed`);
  });
}

Deno.test("decompress() knows no other encoding", () => {
  for (const encoding of ["br", "zstd", "gzip, deflate", ""]) {
    assertRefused(new Uint8Array(1), encoding, 415, "expected gzip or deflate");
  }
});
