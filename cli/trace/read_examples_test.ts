import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { otherPair } from "../../tests/harness/files/plugins.ts";
import { readExamples } from "./read_examples.ts";
import { idxFile, writeIdxFiles } from "../../tests/harness/files/idx_files.ts";
import { readImage } from "../../tests/harness/files/images.ts";

const pair = otherPair("pair");

/** A folder with three images, two of them in its folder `images`, and the given `labels.csv`. */
async function imageFolder(labels: string) {
  return await makeFolder({
    "a.png": await readImage("grey.png"),
    "images/b, c.jpg": await readImage("grey.jpg"),
    "images/d%.webp": await readImage("photo.webp"),
    "labels.csv": labels,
  });
}

Deno.test("readExamples() reads IDX files: the last training images and all test images", async () => {
  await using folder = await makeFolder();
  await writeIdxFiles(folder.url, { train: 12, test: 3 });
  const examples = await readExamples(folder.url, pair, { heldOut: 4 });
  assertEquals(examples.ids, [
    ..."train-8 train-9 train-10 train-11".split(" "),
    ..."t10k-0 t10k-1 t10k-2".split(" "),
  ]);
  assertEquals(examples.labels, Int32Array.of(8, 9, 0, 1, 0, 1, 2));
  assertEquals(examples.part, Uint8Array.of(0, 0, 0, 0, 1, 1, 1));
  const { width, height, data } = await examples.pixels(1);
  assertEquals([width, height], [28, 28]);
  const at = 9 * 784 + 5;
  const grey = (at * 7919 + (at >> 7)) % 256;
  assertEquals([...data.subarray(20, 24)], [grey, grey, grey, 255]);
});

Deno.test("readExamples() tells IDX files of other content apart", async () => {
  await using folder = await makeFolder();
  await writeIdxFiles(folder.url, { train: 12, test: 3 });
  const read = async (heldOut: number) =>
    (await readExamples(folder.url, pair, { heldOut })).fingerprint;
  const first = await read(4);
  assertEquals(await read(4), first);
  assertNotEquals(await read(5), first);
  await Deno.writeFile(new URL("t10k-labels-idx1-ubyte", folder.url), idxFile([3], [1, 1, 2]));
  assertNotEquals(await read(4), first);
});

Deno.test("readExamples() refuses IDX files that do not fit each other or the pair", async () => {
  await using folder = await makeFolder();
  await writeIdxFiles(folder.url, { train: 12, test: 3 });
  const file = (name: string) => new URL(name, folder.url);
  const refuses = (reason: string, heldOut = 4) =>
    assertRejects(() => readExamples(folder.url, pair, { heldOut }), Error, reason);

  await refuses("Cannot hold out 13 training images", 13);
  await Deno.writeFile(file("t10k-labels-idx1-ubyte"), idxFile([3], [0, 1, 10]));
  await refuses("label 10 of t10k-2, expected 0 to 9");
  await Deno.writeFile(file("t10k-labels-idx1-ubyte"), idxFile([2], [0, 1]));
  await refuses("expected shape [3] as there are images, got [2]");
  await Deno.writeFile(file("t10k-images-idx3-ubyte"), idxFile([3, 4], Array(12).fill(0)));
  await refuses("expected shape [examples, height, width], got [3, 4]");
  await Deno.remove(file("t10k-images-idx3-ubyte"));
  await refuses("Cannot find t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz");
});

Deno.test("readExamples() reads images with their classes, by index or label", async () => {
  await using folder = await imageFolder(
    'file,class,part\na.png,3,1\n"b, c.jpg",class 7,0\n\nd%.webp,0,0\n',
  );
  const examples = await readExamples(folder.url, pair);
  assertEquals(examples.ids, ["a.png", "b, c.jpg", "d%.webp"]);
  assertEquals(examples.labels, Int32Array.of(3, 7, 0));
  assertEquals(examples.part, Uint8Array.of(1, 0, 0));
  for (const row of [0, 1, 2]) {
    const { width, height, data } = await examples.pixels(row);
    assertEquals(data.length, width * height * 4);
  }
});

Deno.test("readExamples() reads images without classes and parts", async () => {
  await using folder = await imageFolder("\ufefffile\na.png\nd%.webp\n");
  const examples = await readExamples(folder.url, pair, { part: 1 });
  assertEquals([examples.labels, examples.part], [undefined, Uint8Array.of(1, 1)]);
});

Deno.test("readExamples() reads images of a thousand classes", async () => {
  const labels = Array.from(
    { length: 1000 },
    (_, index) => index % 500 ? `kind ${index}` : "crane",
  );
  const many = otherPair("many", { labels });
  await using folder = await imageFolder(
    'file,class\na.png,999\n"b, c.jpg",kind 998\nd%.webp,500\n',
  );
  const examples = await readExamples(folder.url, many);
  assertEquals(examples.labels, Int32Array.of(999, 998, 500));
  await Deno.writeTextFile(new URL("labels.csv", folder.url), "file,class\na.png,crane\n");
  await assertRejects(
    () => readExamples(folder.url, many),
    Error,
    "line 2 of labels.csv: more than one class is called crane, expected an index",
  );
});

const REFUSALS: [what: string, labels: string, reason: string][] = [
  ["a label that the pair does not have", "file,class\na.png,1\nd%.webp,hat", 'got "hat"'],
  ["a class beyond the labels", "file,class\na.png,10", "line 2 of labels.csv: expected a class"],
  ["a file without class", "file,class\na.png,", 'a label, got ""'],
  [
    "a file that does not exist",
    "file,class\nb.png,1",
    'line 2 of labels.csv: there is no image "b',
  ],
  ["a file twice", "file,class\na.png,1\na.png,1", "line 3 of labels.csv: a.png is listed twice"],
  ["an unknown part", "file,part\na.png,2", 'expected part 0 or 1, got "2"'],
  ["a line with too many fields", "file,class\na.png,1,2", "Cannot use labels.csv: "],
  ["other columns", "name,class\na.png,1", "expected a column file, got name, class"],
  ["no examples", "file,class\n", "expected a header and one line or more"],
];

for (const [what, labels, reason] of REFUSALS) {
  Deno.test(`readExamples() refuses ${what}`, async () => {
    await using folder = await imageFolder(labels);
    await assertRejects(() => readExamples(folder.url, pair), Error, reason);
  });
}

Deno.test("readExamples() names an image that is damaged when it is read", async () => {
  await using folder = await imageFolder("file\na.png\nd%.webp\n");
  const examples = await readExamples(folder.url, pair);
  await Deno.writeTextFile(new URL("a.png", folder.url), "not an image");
  await assertRejects(() => examples.pixels(0), Error, "/a.png: ");
});

Deno.test("readExamples() says what it expects of a folder that holds something else", async () => {
  await using folder = await makeFolder();
  await assertRejects(() => readExamples(folder.url, pair), Error, "expected labels.csv");
});
