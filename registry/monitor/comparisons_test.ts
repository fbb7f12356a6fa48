import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { requestOf, startFakePool } from "../../tests/harness/fakes/fake_worker.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";
import { settle } from "../../tests/harness/wait/settle.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { builtInPolicy } from "../policy/snapshot.ts";
import type { RequestInput } from "../runtime/requests.ts";
import { LoggedAnswer } from "./answer_log.ts";
import { Comparisons } from "./comparisons.ts";
import type { Monitor } from "./monitor.ts";

const GRAPH = buildGraph(pairOf({ small: ["large"], large: [] }));

/** Draws the given items; notes what it is told. */
function monitorOf(...indices: number[]) {
  const told: unknown[] = [];
  const monitor = {
    draw: () => indices,
    compare: (_policy: unknown, logged: unknown) => told.push(logged),
  } as unknown as Monitor;
  return { monitor, told };
}

function inputOf(...values: number[]): RequestInput {
  return { kind: "tensor", data: Float32Array.from(values), count: values.length };
}

Deno.test("draw() copies what is drawn while enough workers are idle, else it is skipped", () => {
  using fake = startFakePool({ size: 2 });
  const comparisons = new Comparisons(fake.pool, 1);
  const { monitor } = monitorOf(0, 2);
  const input = inputOf(5, 6, 7);
  assertEquals(comparisons.draw(monitor, input), {
    indices: [0, 2],
    copy: inputOf(5, 7),
    skipped: 0,
  });
  fake.pool.run(requestOf("busy")).catch(() => {});
  assertEquals(comparisons.draw(monitor, input), { indices: [0, 2], copy: undefined, skipped: 2 });
});

for (const closed of [false, true]) {
  Deno.test(`compareLater() compares ${closed ? "nothing after close()" : "what was drawn"}`, async () => {
    using time = new FakeTime();
    using fake = startFakePool({ size: 2 });
    const comparisons = new Comparisons(fake.pool, 1);
    const { monitor, told } = monitorOf(1);
    const drawn = comparisons.draw(monitor, inputOf(5, 6));
    const item = { path: ["large"], exit: "large", confidence: 1, nodes: [] };
    const items = [item, item].map((each) => ({ ...each, logits: Float32Array.of(1, 0) }));
    const logged = ["first", "second"].map((policy) => new LoggedAnswer(policy, [0, 1]));
    const policy = builtInPolicy(GRAPH, "always:small");
    const context = { pair: "test", full: "large", costOf: () => 1, monitor };
    comparisons.compareLater(context, { policy, items, logged }, drawn);
    assertEquals(told, []);
    if (closed) comparisons.close();
    time.next();
    await settle();
    assertEquals(told, closed ? [] : [[logged[1]]]);
  });
}
