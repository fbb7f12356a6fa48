import { assertEquals, assertThrows } from "@std/assert";
import { ImageError } from "./image_error.ts";
import { sniffImage } from "./sniff.ts";
import { pngHeader, readImage } from "../../../tests/harness/files/images.ts";

/** Bytes of numbers, of texts, one byte a character, and of arrays. */
function concat(...parts: (number | string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => {
    if (typeof part === "number") return [part];
    return typeof part === "string" ? [...part].map((char) => char.charCodeAt(0)) : [...part];
  }));
}

/** A JPEG frame header of `size` x `size` pixels. */
function frame(size: number, components = 3): Uint8Array {
  const [high, low] = [size >> 8, size & 255];
  return concat(0xff, 0xc0, 0, 17, 8, high, low, high, low, components, "\x01\x11\0".repeat(3));
}

Deno.test("sniffImage() reads format and size from the header", async () => {
  for (
    const [name, header] of [
      ["photo.png", { format: "png", width: 96, height: 64 }],
      ["progressive.jpg", { format: "jpeg", width: 96, height: 64 }],
      ["photo.webp", { format: "webp", width: 96, height: 64 }],
      ["lossless.webp", { format: "webp", width: 24, height: 16 }],
    ] as const
  ) {
    assertEquals(sniffImage(await readImage(name)), header);
  }
});

Deno.test("sniffImage() reads no more than the header", () => {
  assertEquals(sniffImage(pngHeader(30000, 20000)), { format: "png", width: 30000, height: 20000 });
});

Deno.test("sniffImage() reads a view into a larger buffer", async () => {
  const bytes = await readImage("photo.jpg");
  const view = concat("12345", bytes).subarray(5);
  assertEquals(sniffImage(view), { format: "jpeg", width: 96, height: 64 });
});

Deno.test("sniffImage() throws where there are no bytes", () => {
  const error = assertThrows(() => sniffImage(new Uint8Array()), ImageError, "got no bytes");
  assertEquals([error.field, error.reason], ["image", "undecodable"]);
});

Deno.test("sniffImage() throws on another format and says what was expected", async () => {
  const gif = await readImage("small.gif");
  const error = assertThrows(
    () => sniffImage(gif),
    ImageError,
    "expected PNG, JPEG or WebP, got GIF",
  );
  assertEquals(error.reason, "unsupported");
  assertThrows(() => sniffImage(concat("{}")), ImageError, "got an unknown format");
});

Deno.test("sniffImage() throws where the header is cut off", async () => {
  for (const name of ["photo.png", "photo.jpg", "photo.webp"]) {
    const bytes = await readImage(name);
    assertThrows(() => sniffImage(bytes.subarray(0, 20)), ImageError, "damaged or cut off");
  }
});

Deno.test("sniffImage() throws where a side is zero", () => {
  assertThrows(() => sniffImage(pngHeader(0, 5)), ImageError, "it is empty (0x5 pixels)");
  assertThrows(() => sniffImage(concat("\xff\xd8", frame(0))), ImageError, "it is empty");
});

Deno.test("sniffImage() throws on a PNG whose first chunk is not its header", () => {
  // Apple's variant. The codec would read another size than `image-dimensions`.
  const bytes = concat("\x89PNG\r\n\x1a\n\0\0\0\x04CgBI\0\0\0\0\0\0\0\0", pngHeader(8, 8).slice(8));
  assertThrows(() => sniffImage(bytes), ImageError, "damaged");
});

Deno.test("sniffImage() throws on CMYK", async () => {
  const bytes = await readImage("cmyk.jpg");
  assertThrows(() => sniffImage(bytes), ImageError, "expected a JPEG in RGB or grey, got CMYK");
});

Deno.test("sniffImage() finds the frame that libjpeg finds", () => {
  // Each prefix looks like a segment that hides the frame of 9000 pixels, with its length in the
  // bytes of the frame's marker; libjpeg sees a marker without a segment and decodes that frame.
  for (const prefix of ["\xff\xd0", "\xff\0", "\xff\x01", "\xff\xff"]) {
    const head = concat("\xff\xd8", prefix, frame(9000), "\xff\xfe\xff\xe0");
    const bytes = concat(head, new Uint8Array(4 + 0xffc0 - head.length), frame(8));
    assertEquals(sniffImage(concat(bytes)).width, 9000);
  }
});

Deno.test("sniffImage() throws on a JPEG with more scans than any encoder writes", () => {
  const bytes = concat("\xff\xd8", frame(8), "\xff\xda\0\0".repeat(51));
  assertThrows(() => sniffImage(bytes), ImageError, "at most 50 scans, got 51");
});
