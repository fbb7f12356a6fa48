import { assert, assertEquals } from "@std/assert";
import { decodeImage } from "./decode.ts";
import { preprocess } from "./preprocess.ts";
import type { Pixels } from "../../base/pixels.ts";
import {
  fromBase64,
  largestDifference,
  plainSpec,
  readExpected,
  readImage,
} from "../../../tests/harness/files/images.ts";

const expected = await readExpected();
const { background, size } = expected;

async function decode(name: string): Promise<Pixels> {
  return await decodeImage(await readImage(name), { maxPixels: 100_000 });
}

/** An image in one colour. */
function plain(width: number, height: number, rgba: number[]): Pixels {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => rgba[i % 4]!);
  return { width, height, data };
}

for (const { file, resize, channels, pixels } of expected.resized) {
  Deno.test(`preprocess() makes ${channels} channels of ${file} by ${resize} as PIL does`, async () => {
    const spec = plainSpec({ channels, resize, background: background.slice(0, channels) });
    const input = await preprocess(await decode(file), spec, size);
    const difference = largestDifference(input, fromBase64(pixels), channels);
    assert(difference < 1.001, `${difference}/255`);
  });
}

Deno.test("preprocess() keeps every pixel when the image has the size of the input", async () => {
  const grey = await decode("grey.png");
  const [mean, std] = [0.286, 0.353];
  for (const resize of ["fit", "cover", "stretch"] as const) {
    const input = await preprocess(grey, { channels: 1, resize, mean: [mean], std: [std] }, size);
    assertEquals(
      input,
      Float32Array.from({ length: 784 }, (_, i) => (grey.data[i * 4]! / 255 - mean) / std),
    );
  }
});

Deno.test("preprocess() converts to grey as PIL does, to the bit", async () => {
  const photo = await decode("photo.png");
  const input = await preprocess(photo, plainSpec({ channels: 1, resize: "fit" }), photo);
  assertEquals(input.map(Math.round), Float32Array.from(fromBase64(expected.grey)));
});

Deno.test("preprocess() lays transparent pixels over the background, to the bit", async () => {
  const shaded = await decode("alpha.png");
  const spec = plainSpec({ channels: 3, resize: "fit", background });
  const input = await preprocess(shaded, spec, shaded);
  assertEquals(
    largestDifference(input.map(Math.round), fromBase64(expected.on_background), 3),
    0,
  );
});

Deno.test("preprocess() gives channel by channel, each with its mean and std", async () => {
  const spec = {
    channels: 3,
    resize: "stretch",
    mean: [0, 0.5, 1],
    std: [1, 0.5, 2],
  } as const;
  const input = await preprocess(plain(1, 1, [255, 255, 0, 255]), spec, { height: 1, width: 2 });
  assertEquals(input, Float32Array.of(1, 1, 1, 1, -0.5, -0.5));
});

Deno.test("preprocess() gives blue first where the spec says so, each with its own mean", async () => {
  const spec = plainSpec({ channels: 3, resize: "fit", background: [1, 2, 3], order: "BGR" });
  const image = plain(1, 1, [10, 20, 30, 255]);
  const input = await preprocess(image, { ...spec, mean: [0, 10 / 255, 0] }, {
    height: 1,
    width: 2,
  });
  assertEquals([...input.map(Math.round)], [30, 3, 10, -8, 10, 1]);
});

Deno.test("preprocess() looks at the centre alone where the spec crops", async () => {
  const image = plain(4, 4, [0, 0, 0, 255]);
  for (const at of [5, 6, 9, 10]) image.data.fill(at * 10, at * 4, at * 4 + 3);
  for (const resize of ["fit", "cover", "stretch"] as const) {
    const spec = plainSpec({ channels: 1, resize, crop: 0.5 });
    const input = await preprocess(image, spec, { height: 2, width: 2 });
    assertEquals([...input.map(Math.round)], [50, 60, 90, 100]);
  }
  const spec = plainSpec({ channels: 1, resize: "cover", crop: 0.5 });
  const row = await preprocess(image, spec, { height: 1, width: 2 });
  assertEquals([...row.map(Math.round)], [50, 60]);
});

Deno.test("preprocess() letterboxes when the aspect ratios differ", async () => {
  const spec = plainSpec({ channels: 1, resize: "fit", background: 9 });
  const input = await preprocess(plain(2, 1, [200, 200, 200, 255]), spec, { height: 3, width: 4 });
  // Two rows of the image; of the one that is left, PIL puts none above and one below.
  assertEquals([...input.map(Math.round)], [...Array(8).fill(200), ...Array(4).fill(9)]);
});

Deno.test("preprocess() takes the background to be black by default", async () => {
  const input = await preprocess(
    plain(3, 1, [255, 255, 255, 0]),
    plainSpec({ channels: 3, resize: "fit" }),
    { height: 3, width: 3 },
  );
  assertEquals(input, new Float32Array(27));
});

Deno.test("preprocess() keeps a line of an image that is too narrow for one", async () => {
  const spec = plainSpec({ channels: 1, resize: "fit" });
  const input = await preprocess(plain(1, 300, [255, 255, 255, 255]), spec, size);
  assertEquals(Math.round(input.reduce((sum, value) => sum + value)), 28 * 255);
});

Deno.test("preprocess() leaves the image as it is", async () => {
  const photo = await decode("photo.png");
  const before = photo.data.slice();
  await preprocess(photo, plainSpec({ channels: 1, resize: "cover" }), size);
  assertEquals(photo.data, before);
});
