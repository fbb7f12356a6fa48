import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { MemoryPolicyStore } from "../policies/stores/mod.ts";
import type { Plugin } from "./pair/discover.ts";
import { PairNotReadyError, UnknownPairError } from "./base/errors.ts";
import { chain } from "./pair/define_pair.ts";
import type { PairSpec } from "./pair/pair_spec.ts";
import { Registry, type RegistryOptions } from "./registry.ts";
import { startHttpServer } from "../tests/harness/http/http_server.ts";
import { pairOf } from "../tests/harness/generators/pair_specs.ts";

/** A registry without workers, which suffices for plugins that do not get as far as to a worker. */
function registryOf(options: Partial<RegistryOptions> = {}) {
  const lines: string[] = [];
  const registry = new Registry({
    workers: 0,
    queue: 0,
    policies: new MemoryPolicyStore(),
    watch: {
      shadow: 0,
      spare: 1,
      onAlarm: "warn",
      delta: 0.01,
      answers: { capacity: 10, ms: 1000 },
    },
    log: (line) => lines.push(line),
    ...options,
  });
  return { registry, lines };
}

/** A plugin in a folder that has no model files. */
function plugin(folder: string, load: () => unknown): Plugin {
  const url = new URL(`file:///nowhere/${folder}/pair.ts`);
  return { folder, url, load: () => Promise.resolve().then(load) };
}

function named(name: string): PairSpec {
  return { ...pairOf(chain("small", "large")), name };
}

Deno.test("Registry reports each plugin that fails with its field and reason", async () => {
  const { registry, lines } = registryOf();
  const throwing = () => {
    throw new SyntaxError("unexpected token");
  };
  await registry.load([
    plugin("import", throwing),
    plugin("schema", () => ({ ...named("schema"), labels: ["one"] })),
    plugin("graph", () => ({ ...named("graph"), graph: { small: [], large: [] } })),
    plugin("hats", () => named("clothes")),
  ]);
  const failed = registry.list().map(({ name, status, reason = "" }) => [name, status, reason]);
  const patterns: [string, RegExp][] = [
    ["import", /^pair\.ts: cannot be imported: unexpected token$/],
    ["schema", /^labels: .*expected array to have >=2 items/],
    ["graph", /^graph: expected one first node, got small, large/],
    ["clothes", /^models\.(small|large)\.source: .* exist|^models\..*: cannot read/],
  ];
  patterns.forEach(([name, pattern], index) => {
    assertEquals(failed[index]?.slice(0, 2), [name, "failed"]);
    assertMatch(failed[index]?.[2] ?? "", pattern);
  });
  assertEquals(lines.length, 4);
  assertMatch(lines.join("\n"), /pair clothes failed: models.* \(hats\/pair\.ts\)/);
  assertEquals(registry.ready, false);
});

Deno.test("Registry reads models of the network by the rules that it is given", async () => {
  await using server = startHttpServer(() => new Response("model"));
  const source = `${server.address}/small.onnx`;
  const spec = named("remote");
  const models = { ...spec.models, small: { source, sha256: "a".repeat(64) } };
  for (
    const [sources, reason] of [
      [undefined, /its protocol is http, expected https/],
      [{ maxBytes: 4, privateSources: true }, /5 bytes, expected at most 4/],
    ] as const
  ) {
    const { registry } = registryOf({ sources });
    await registry.load([plugin("remote", () => ({ ...spec, models }))]);
    assertMatch(registry.entry("remote").reason ?? "", reason);
  }
});

/** Folders of plugins that are all named "x", and which of them must be refused for it. */
const RIVALS: [folders: string[], refused: boolean[]][] = [
  [["a", "b"], [false, true]],
  [["x", "b"], [false, true]],
  [["a", "x"], [true, false]],
  [["x", "x"], [false, true]],
  [["x", "a", "x"], [false, true, true]],
];

for (const [folders, refused] of RIVALS) {
  Deno.test(`Registry lets one plugin have a name: ${folders}`, async () => {
    const { registry } = registryOf();
    await registry.load(folders.map((folder) => plugin(folder, () => named("x"))));
    const taken = "name: x is the name of another plugin, expected a new one";
    assertEquals(registry.list().map(({ reason }) => reason === taken), refused);
  });
}

Deno.test("get() tells a pair that has failed, one that is loading and one that is unknown", async () => {
  const { registry } = registryOf();
  const loading = registry.load([plugin("hats", () => named("hats"))]);
  const early = assertThrows(() => registry.get("hats"), PairNotReadyError, "still loading");
  assertEquals(early.loading, true);
  await loading;
  const late = assertThrows(() => registry.get("hats"), PairNotReadyError, "models.");
  assertEquals(late.loading, false);
  assertThrows(() => registry.get("cats"), UnknownPairError, 'pair "cats": expected one of hats');
});
