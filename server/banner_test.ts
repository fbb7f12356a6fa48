import { assertEquals } from "@std/assert";
import type { LoadedPair, PairEntry, PolicySnapshot } from "../registry/mod.ts";
import { banner } from "./banner.ts";

const ADDRESS = "http://127.0.0.1:8000";

const DOCUMENT = {
  name: "fashion-mnist@3",
  operatingPoint: "balanced",
  choice: { id: "fashion-mnist@3", point: "balanced" },
};

/** The banner of a registry that holds the given entries. */
function bannerOf(...entries: PairEntry[]): string[] {
  return banner({ list: () => entries }, ADDRESS).split("\n");
}

/** An entry of a pair that is ready, with two models. */
function ready(name: string, policy: PolicySnapshot): PairEntry {
  const loaded = {
    models: { small: {}, large: {} },
    live: { snapshot: policy },
  } as unknown as LoadedPair;
  return { name, status: "ready", loaded };
}

Deno.test("banner() shows the address, each pair with its state, and a line to paste", () => {
  const lines = bannerOf(
    ready("fashion-mnist", DOCUMENT),
    ready("cats", { name: "always:large", operatingPoint: null, choice: { always: "large" } }),
    { name: "dogs", status: "failed", reason: "models.large.source: file is missing" },
  );
  assertEquals(lines, [
    "Sluice serves on http://127.0.0.1:8000",
    "",
    "  fashion-mnist  ready   small, large; policy fashion-mnist@3 (balanced)",
    "  cats           ready   small, large; policy always:large",
    "  dogs           failed  models.large.source: file is missing",
    "",
    "Try it:",
    "  curl -F file=@registry/plugins/fashion-mnist/samples/0001.png " +
    "http://127.0.0.1:8000/v1/pairs/fashion-mnist/classify",
  ]);
});

Deno.test("banner() shows no line to paste that would not work", () => {
  const failed = { name: "fashion-mnist", status: "failed", reason: "name: is bad" } as const;
  for (const entry of [failed, ready("cats", DOCUMENT)]) {
    assertEquals(bannerOf(entry).filter((line) => line.includes("curl")), []);
  }
});

Deno.test("banner() says so when there is no plugin", () => {
  assertEquals(bannerOf(), [`Sluice serves on ${ADDRESS}`, "", "  no plugin was found"]);
});
