import { assert, assertEquals } from "@std/assert";
import { bindPolicy, type PolicyTarget } from "./bind.ts";
import { parsePolicy } from "./parse.ts";
import { compileSelector } from "./selector.ts";
import { FilePolicyStore } from "./stores/files.ts";
import { evidenceOf } from "./testing.ts";

const GRAPHS: Record<string, PolicyTarget["successors"]> = {
  "fashion-mnist": {
    start: ["small"],
    small: ["medium", "large"],
    medium: ["large"],
    large: [],
  },
  "fashion-mnist-exits": {
    start: ["stage1"],
    stage1: ["stage2"],
    stage2: ["stage3"],
    stage3: [],
  },
};

const live = new FilePolicyStore(new URL("./live/", import.meta.url));

for (const [pair, successors] of Object.entries(GRAPHS)) {
  Deno.test(`policies/live/${pair}.json exits when sure and goes on when not`, async () => {
    const document = parsePolicy((await live.get(pair))?.text ?? "");
    const policy = bindPolicy(document, { pair, models: document.models, successors });
    assertEquals(document.points.map(({ id }) => id), ["fast", "balanced", "accurate"]);
    assertEquals(document.active, "balanced");

    const [first] = successors.start ?? [];
    assert(first);
    for (const { id } of document.points) {
      const selector = compileSelector(policy, id);
      const decide = (...probabilities: number[]) => {
        return selector.decide(first, evidenceOf([first, probabilities]));
      };
      assertEquals(decide(0.999, 0.001), "exit");
      assertEquals(decide(0.3, 0.3, 0.2, 0.2), successors[first]?.at(-1));
    }
  });
}
