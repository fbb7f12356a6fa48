import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import type { StoredPolicy } from "../policies/mod.ts";
import { changed, DOCUMENT, TARGET } from "../policies/testing.ts";
import { InvalidInputError } from "./errors.ts";
import { buildGraph } from "./graph.ts";
import { builtInPolicy, choosePolicy } from "./snapshot.ts";
import { pairOf } from "./testing.ts";

const GRAPH = buildGraph(pairOf({ small: ["medium", "large"], medium: ["large"], large: [] }));

const ALWAYS_LARGE = {
  name: "always:large",
  operatingPoint: null,
  choice: { always: "large" },
};

function stored(text: string): StoredPolicy {
  return { version: 7, text, source: "memory" };
}

function choose(policy: StoredPolicy | undefined) {
  return choosePolicy(TARGET.pair, GRAPH, TARGET.models, policy);
}

for (const node of GRAPH.nodes) {
  Deno.test(`builtInPolicy() knows always:${node}`, () => {
    const name = `always:${node}`;
    const expected = { name, operatingPoint: null, choice: { always: node } };
    assertEquals(builtInPolicy(GRAPH, name), expected);
  });
}

for (
  const name of ["", "large", "always", "always:", "always:start", "always:tiny", "Always:large"]
) {
  Deno.test(`builtInPolicy() refuses ${JSON.stringify(name)} and lists what there is`, () => {
    const error = assertThrows(
      () => builtInPolicy(GRAPH, name),
      InvalidInputError,
      `there is no policy ${JSON.stringify(name)}, ` +
        "expected one of always:small, always:medium, always:large",
    );
    assertEquals(error.field, "policy");
  });
}

Deno.test("choosePolicy() takes the stored document with its active point", () => {
  const { snapshot, bound } = choose(stored(JSON.stringify(DOCUMENT)));
  assertEquals(snapshot, {
    name: "test@7",
    operatingPoint: "accurate",
    choice: { id: "test@7", point: "accurate" },
    document: DOCUMENT,
  });
  assertEquals(bound?.document, DOCUMENT);
});

Deno.test("choosePolicy() serves the full model under a document in which no point is proved", () => {
  const document = changed((copy) => copy.active = "always:large");
  const { snapshot, bound } = choose(stored(JSON.stringify(document)));
  assertEquals(snapshot, {
    name: "test@7",
    operatingPoint: "always:large",
    choice: { always: "large" },
    document,
  });
  assertEquals(bound?.document, document);
});

Deno.test("choosePolicy() takes always the full model where no document is stored", () => {
  assertEquals(choose(undefined), { snapshot: ALWAYS_LARGE });
});

const REFUSED: [what: string, text: string, reason: RegExp][] = [
  ["is not JSON", "{", /parse failed: the text is not JSON/],
  ["has another schema", "{}", /schema failed at \/pair: /],
  [
    "is for another pair",
    JSON.stringify(changed((copy) => copy.pair = "other")),
    /bind failed at \/pair: expected "test", got "other"/,
  ],
  [
    "is for other weights",
    JSON.stringify(changed((copy) => copy.models.small = "d".repeat(64))),
    /bind failed at \/models\/small: expected the hash of the pair's model, a{64}/,
  ],
  [
    "takes an edge that the graph does not have",
    JSON.stringify(changed((copy) => copy.nodes.small.actions[1] = "tiny")),
    /bind failed at \/nodes\/small\/actions\/1: the graph has no edge small → tiny/,
  ],
];

for (const [what, text, reason] of REFUSED) {
  Deno.test(`choosePolicy() falls back to the full model where the document ${what}`, () => {
    const { snapshot, bound } = choose(stored(text));
    const { rejected, ...policy } = snapshot;
    assertEquals(policy, ALWAYS_LARGE);
    assertEquals(bound, undefined);
    assertStringIncludes(rejected ?? "", "Cannot use policy: ");
    assertMatch(rejected ?? "", reason);
  });
}
