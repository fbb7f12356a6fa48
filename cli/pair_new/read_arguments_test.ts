import { assertEquals, assertRejects } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { readNewPair } from "./read_arguments.ts";

const NOBODY = { ask: undefined };
const TWO = ["--model", "a=x/a.onnx", "--model", "b=b.onnx"];

/** Somebody who gives these answers, one after the other. */
function somebody(...answers: (string | null)[]) {
  return { ask: spy((_question: string) => answers.shift() ?? null) };
}

Deno.test("readNewPair() reads every flag", async () => {
  const wishes = await readNewPair([
    "digits",
    ...TWO,
    ...["--labels", "no, yes", "--size", "8x16", "--mean", "0.3", "--std", "0.1,0.2,0.3"],
    ...["--into", "mine/"],
  ], NOBODY);
  assertEquals(wishes, {
    name: "digits",
    models: [{ name: "a", path: "x/a.onnx" }, { name: "b", path: "b.onnx" }],
    labels: ["no", "yes"],
    size: [8, 16],
    mean: [0.3],
    std: [0.1, 0.2, 0.3],
    into: "mine",
  });
});

Deno.test("readNewPair() names files after themselves, and takes those of a folder", async () => {
  await using folder = await makeFolder({ "small.onnx": "", "large.onnx": "", "notes.txt": "" });
  const { pathname: path } = folder.url;
  const { models } = await readNewPair(
    ["p", "x/tiny.onnx", path, "--model", "last=x.onnx"],
    NOBODY,
  );
  assertEquals(models, [
    { name: "last", path: "x.onnx" },
    { name: "tiny", path: "x/tiny.onnx" },
    { name: "large", path: `${path}large.onnx` },
    { name: "small", path: `${path}small.onnx` },
  ]);
});

Deno.test("readNewPair() reads labels from a file, one a line", async () => {
  await using folder = await makeFolder({ "labels.txt": "cat, black\r\ndog\n\n" });
  const file = new URL("labels.txt", folder.url);
  const { labels } = await readNewPair(["p", ...TWO, "--labels", file.pathname], NOBODY);
  assertEquals(labels, ["cat, black", "dog"]);
});

Deno.test("readNewPair() asks for what is missing, where somebody can answer", async () => {
  const user = somebody("digits", "a=a.onnx", " b=b.onnx ", "", "no,yes");
  const wishes = await readNewPair([], user);
  assertEquals([wishes.name, wishes.labels], ["digits", ["no", "yes"]]);
  assertEquals(wishes.models, [{ name: "a", path: "a.onnx" }, { name: "b", path: "b.onnx" }]);
  assertSpyCalls(user.ask, 5);
  const knows = somebody();
  assertEquals((await readNewPair(["digits", ...TWO], knows)).labels, undefined);
  assertSpyCalls(knows.ask, 0);
});

/** Arguments that cannot be used, and what is said of them. */
const WRONG: readonly (readonly [args: readonly string[], expected: string])[] = [
  [[], "The name is missing"],
  [["Digits", ...TWO], "Cannot use the name Digits: expected lower-case letters"],
  [["p"], "--model: 0 models are given, expected two or more"],
  [["p", "--model", "a=a.onnx"], "--model: 1 models are given, expected two or more"],
  [["p", ...TWO, "a.onnx"], "Cannot name two models a: expected different nodes"],
  [["p", "--model", "a.onnx"], "Cannot use --model a.onnx: expected <node>=<file.onnx>"],
  [["p", "--model", "exit=a.onnx"], "Cannot use --model exit=a.onnx"],
  [["p", "2nd.onnx", "b.onnx"], "give it as --model <node>=2nd.onnx"],
  [["p", "a.pt", "b.onnx"], "Cannot use a.pt: expected the name of a node and .onnx"],
  [["p", "docs", "b.onnx"], "Cannot use docs: there is no .onnx file in it"],
  [["p", ...TWO, "--size", "8"], "Cannot use --size 8: expected <height>x<width>"],
  [["p", ...TWO, "--mean", "0.3,x"], "Cannot use --mean 0.3,x: expected numbers"],
  [["p", ...TWO, "--std", "0"], "Cannot use --std 0: expected numbers"],
  [["p", ...TWO, "--labels", "no-such.txt"], "Cannot read --labels no-such.txt"],
  [["p", ...TWO, "--lables", "a,b"], "Unknown option '--lables'"],
];

for (const [args, expected] of WRONG) {
  Deno.test(`readNewPair() refuses ${args.join(" ") || "nothing"}`, async () => {
    await assertRejects(() => readNewPair([...args], NOBODY), Error, expected);
  });
}
