import { assertEquals } from "@std/assert";
import { otherPair } from "../../tests/harness/files/plugins.ts";
import { checkSpec } from "./check_spec.ts";

const { models } = otherPair("any");
const sha256 = "0".repeat(64);
const pinned = Object.fromEntries(
  Object.entries(models).map(([node, model]) => [node, { ...model, sha256 }]),
);
const image = { channels: 1, resize: "fit", mean: [0.286], std: [0.353] } as const;

const texts = (change: Parameters<typeof otherPair>[1]) =>
  checkSpec(otherPair("any", { models: pinned, ...change })).map(({ text }) => text);

Deno.test("checkSpec() finds nothing in a pair that looks right", () => {
  assertEquals(texts({}), []);
});

Deno.test("checkSpec() finds labels that are there twice, once each", () => {
  const labels = ["cat", "dog", "cat", "cat"];
  assertEquals(texts({ labels }), ["labels: cat is there more than once"]);
});

Deno.test("checkSpec() finds a mean and std of levels from 0 to 255, wherever they are", () => {
  const levels = { ...image, mean: [127.5], std: [127.5] };
  const reason =
    "mean 127.5, std 127.5: expected those of pixel / 255, from 0 to 1; divide those " +
    "of levels from 0 to 255 by 255";
  assertEquals(texts({ image: levels }), [`image: ${reason}`]);
  const models = { ...pinned, dear: { ...pinned["dear"]!, image: levels } };
  assertEquals(texts({ models }), [`models.dear.image: ${reason}`]);
  assertEquals(texts({ image: { ...image, mean: [104 / 255], std: [1 / 255] } }), []);
});

Deno.test("checkSpec() misses a hash, and names its node", () => {
  const [finding] = checkSpec(otherPair("any", { models: { ...pinned, dear: models["dear"]! } }));
  assertEquals([finding?.node, finding?.text.split(":")[0]], [
    "dear",
    "models.dear.sha256 is missing",
  ]);
});
