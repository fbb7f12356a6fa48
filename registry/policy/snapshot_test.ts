import { assertEquals, assertThrows } from "@std/assert";
import { changed, DOCUMENT } from "../../tests/harness/generators/policies.ts";
import { InvalidInputError } from "../base/errors.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { builtInPolicy, snapshotOf } from "./snapshot.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

const GRAPH = buildGraph(pairOf({ small: ["medium", "large"], medium: ["large"], large: [] }));

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

Deno.test("snapshotOf() serves a document at its active point", () => {
  const source = { name: "test@7", id: "test@7#0", document: DOCUMENT, graph: GRAPH };
  assertEquals(snapshotOf(source), {
    name: "test@7",
    operatingPoint: "accurate",
    choice: { id: "test@7#0", point: "accurate" },
    document: DOCUMENT,
    id: "test@7#0",
  });
});

Deno.test("snapshotOf() serves a node under a document in which no point is proved", () => {
  const document = changed((copy) => copy.active = "always:large");
  const snapshot = snapshotOf({ name: "test@7", id: "test@7#0", document, graph: GRAPH });
  assertEquals(snapshot.operatingPoint, "always:large");
  assertEquals(snapshot.choice, { always: "large" });
});
