import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { decodeImage } from "./decode.ts";
import { ImageError } from "./image_error.ts";
import { checksum, readExpected, readImage } from "../../../tests/harness/files/images.ts";

const maxPixels = 100_000;
const { decoded } = await readExpected();

for (const [name, { width, height, rgba_crc32 }] of Object.entries(decoded)) {
  Deno.test(`decodeImage() decodes ${name} as PIL does`, async () => {
    const pixels = await decodeImage(await readImage(name), { maxPixels });
    assertEquals([pixels.width, pixels.height], [width, height]);
    assertEquals(checksum(pixels), rgba_crc32);
  });
}

Deno.test("decodeImage() leaves the bytes as they are and keeps no hold of them", async () => {
  for (const name of ["photo.png", "photo.jpg", "photo.webp"]) {
    const bytes = await readImage(name);
    const before = bytes.slice();
    const { data } = await decodeImage(bytes, { maxPixels });
    assertEquals(bytes, before);
    const first = data.slice();
    bytes.fill(0);
    await decodeImage(before, { maxPixels });
    assertEquals(data, first);
    assertEquals(data.byteLength, data.buffer.byteLength);
  }
});

Deno.test("decodeImage() decodes a view into a larger buffer", async () => {
  for (const name of ["photo.png", "photo.jpg", "photo.webp"]) {
    const bytes = await readImage(name);
    const larger = new Uint8Array(bytes.length + 20).fill(7);
    larger.set(bytes, 9);
    const pixels = await decodeImage(larger.subarray(9, 9 + bytes.length), { maxPixels });
    assertEquals(checksum(pixels), decoded[name]!.rgba_crc32);
  }
});

Deno.test("decodeImage() decodes many images at once", async () => {
  const names = Object.keys(decoded).flatMap((name) => [name, name, name]);
  const images = await Promise.all(
    names.map(async (name) => await decodeImage(await readImage(name), { maxPixels })),
  );
  assertEquals(
    images.map(checksum),
    names.map((name) => decoded[name]!.rgba_crc32),
  );
});

Deno.test("decodeImage() rejects too many pixels from the header", async () => {
  const header = new Uint8Array(100);
  header.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  header.set([0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2], 16);
  const error = await assertRejects(
    () => decodeImage(header, { maxPixels }),
    ImageError,
    "it has 30000x30000 pixels, expected at most 100000 in all",
  );
  assertEquals([error.field, error.reason], ["image", "too-large"]);
  await assertRejects(
    () => decodeImage(header, { maxPixels: 1e9 }),
    ImageError,
    "expected at most 16384 a side",
  );
});

Deno.test("decodeImage() decodes an image that has just as many pixels as it may", async () => {
  const bytes = await readImage("photo.png");
  assertEquals((await decodeImage(bytes, { maxPixels: 96 * 64 })).width, 96);
  await assertRejects(() => decodeImage(bytes, { maxPixels: 96 * 64 - 1 }), ImageError);
});

Deno.test("decodeImage() rejects files that are cut off", async () => {
  for (const name of ["photo.png", "photo.jpg", "progressive.jpg", "photo.webp"]) {
    const bytes = await readImage(name);
    for (const part of [0.5, 0.9, 0.99]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * part));
      const error = await assertRejects(() => decodeImage(cut, { maxPixels }), ImageError);
      assertEquals(error.reason, "undecodable");
    }
  }
});

Deno.test("decodeImage() rejects a PNG with one wrong bit", async () => {
  const bytes = await readImage("photo.png");
  bytes[6000]! ^= 1;
  await assertRejects(() => decodeImage(bytes, { maxPixels }), ImageError, "checksum");
});

Deno.test("decodeImage() rejects an animation", async () => {
  const bytes = await readImage("animated.webp");
  await assertRejects(() => decodeImage(bytes, { maxPixels }), ImageError, "animated");
});

Deno.test("decodeImage() rejects a WebP whose parts differ in size", async () => {
  const bytes = await readImage("lossless.webp");
  const vp8x = new Uint8Array(bytes.length + 18);
  vp8x.set(bytes.subarray(0, 12));
  new DataView(vp8x.buffer).setUint32(4, vp8x.length - 8, true);
  // A canvas of 4x4 pixels around an image of 24x16.
  vp8x.set([0x56, 0x50, 0x38, 0x58, 10, 0, 0, 0, 16, 0, 0, 0, 3, 0, 0, 3, 0, 0], 12);
  vp8x.set(bytes.subarray(12), 30);
  await assertRejects(() => decodeImage(vp8x, { maxPixels }), ImageError);
});

Deno.test("decodeImage() works on after many broken images", async () => {
  // An instance of the JPEG codec is of no more use after 100 of them.
  for (const type of ["png", "jpg"]) {
    const broken = await readImage(`broken.${type}`);
    for (let i = 0; i < 150; i++) {
      await assertRejects(() => decodeImage(broken, { maxPixels }), ImageError);
    }
    const pixels = await decodeImage(await readImage(`photo.${type}`), { maxPixels });
    assertEquals(checksum(pixels), decoded[`photo.${type}`]!.rgba_crc32);
  }
});

Deno.test("decodeImage() rejects arbitrary bytes with nothing but an ImageError", async () => {
  const heads = ["\x89PNG\r\n\x1a\n", "\xff\xd8\xff\xe0", "RIFF\0\0\0\0WEBPVP8L", "GIF89a", ""];
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(...heads),
    fc.uint8Array({ maxLength: 300 }),
    async (head, tail) => {
      const bytes = Uint8Array.from([...[...head].map((char) => char.charCodeAt(0)), ...tail]);
      await assertRejects(() => decodeImage(bytes, { maxPixels }), ImageError);
    },
  ));
});

Deno.test("decodeImage() decodes damaged images or rejects them with an ImageError", async () => {
  const files = await Promise.all(Object.keys(decoded).map(readImage));
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), damage, async (file, changes) => {
      const bytes = file.slice();
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      try {
        const { width, height, data } = await decodeImage(bytes, { maxPixels });
        assertEquals(data.length, width * height * 4);
      } catch (error) {
        assert(error instanceof ImageError, String(error));
      }
    }),
  );
});

Deno.test("decodeImage() and preprocess() run in a worker", async () => {
  const worker = new Worker(
    new URL("../../../tests/harness/scripts/image_worker.ts", import.meta.url),
    { type: "module" },
  );
  try {
    const reply = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
    const names = ["photo.png", "photo.jpg", "photo.webp"];
    worker.postMessage(await Promise.all(names.map(readImage)));
    assertEquals(
      await reply,
      names.map((name) => ({ checksum: decoded[name]!.rgba_crc32, length: 3 * 28 * 28 })),
    );
  } finally {
    worker.terminate();
  }
});
