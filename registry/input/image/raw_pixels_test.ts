import { assertEquals } from "@std/assert";
import { decodeImage } from "./decode.ts";
import { rawPixels } from "./raw_pixels.ts";

Deno.test("rawPixels() makes grey, RGB and RGBA what a decoder makes of them", () => {
  const size = { height: 1, width: 2 };
  const cases: [channels: number, raw: number[], rgba: number[]][] = [
    [1, [7, 8], [7, 7, 7, 255, 8, 8, 8, 255]],
    [3, [1, 2, 3, 4, 5, 6], [1, 2, 3, 255, 4, 5, 6, 255]],
    [4, [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]],
  ];
  for (const [channels, raw, rgba] of cases) {
    // A part of a larger buffer, as in a batch.
    const data = Uint8Array.of(9, ...raw, 9).subarray(1, -1);
    const pixels = rawPixels(data, { ...size, channels });
    assertEquals([...pixels.data], rgba);
    assertEquals([pixels.height, pixels.width], [1, 2]);
  }
});

Deno.test("rawPixels() gives back a decoded photograph from its colours alone", async () => {
  const file = new URL("../../../tests/fixtures/images/photo.png", import.meta.url);
  const decoded = await decodeImage(await Deno.readFile(file), { maxPixels: 1e6 });
  const rgb = decoded.data.filter((_, index) => index % 4 < 3);
  assertEquals(rawPixels(new Uint8Array(rgb), { ...decoded, channels: 3 }), decoded);
});
