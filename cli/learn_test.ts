import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  encodeTrace,
  formatNpy,
  packNpz,
  type Trace,
  unpackNpz,
} from "../policies/learn/trace/mod.ts";
import { makeFolder, namesIn } from "../tests/harness/files/folders.ts";
import { syntheticTrace } from "../tests/harness/generators/traces.ts";
import { parsePolicy } from "../policies/mod.ts";
import { evaluateLive } from "./evaluate.ts";
import { learn } from "./learn.ts";

/** Few classes and rows, so that learning takes a moment only. */
function smallTrace(count = 1800): Trace {
  const trace = syntheticTrace({
    count,
    classes: 4,
    noise: { small: 1.75, large: 0.8 },
    successors: { start: ["small"], small: ["large"], large: [] },
    cost: { small: 0.2, large: 5 },
  });
  return { ...trace, part: Uint8Array.from({ length: count }, (_, row) => Number(row % 3 === 0)) };
}

/** A folder with a trace in it, that is removed afterwards. */
async function withFolder(
  trace: Trace,
  use: (folder: { root: URL; lines: string[]; print: (line: string) => void }) => Promise<void>,
): Promise<void> {
  const file = encodeTrace(trace, { logits: "float32" });
  await using folder = await makeFolder({ [`traces/${trace.pair}.npz`]: file });
  const lines: string[] = [];
  await use({ root: folder.url, lines, print: (line) => lines.push(line) });
}

/** Names of what lies in a folder; none where there is no such folder. */
function namesOf(root: URL, folder: string): string[] {
  try {
    return namesIn(new URL(folder, root));
  } catch {
    return [];
  }
}

Deno.test("learn() writes a policy and a report, and evaluateLive() judges it alike", async () => {
  await withFolder(smallTrace(), async ({ root, lines, print }) => {
    await learn(["synthetic", "--max-loss", "2%", "--seed", "3"], { root, print });

    assertEquals(namesOf(root, "policies/live/"), ["synthetic.json"]);
    const text = await Deno.readTextFile(new URL("policies/live/synthetic.json", root));
    const document = parsePolicy(text);
    assert(document.points.length >= 2 && document.points.length <= 8);
    assertEquals(document.provenance.seed, 3);
    assertEquals(document.loss, "signed");
    const files = ["plot.svg", "report.html", "report.json", "report.md"];
    assertEquals(namesOf(root, "reports/synthetic/"), files);
    assertStringIncludes(lines.join("\n"), "Speedup over the full model");
    assertStringIncludes(lines.join("\n"), "Next: deno task start");

    const report = new URL("reports/synthetic/report.json", root);
    const before = JSON.parse(await Deno.readTextFile(report));
    await evaluateLive(["synthetic"], { root, print });
    const after = JSON.parse(await Deno.readTextFile(report));
    assertEquals(after.speedups, before.speedups);
    assertEquals(after.hashes, before.hashes);
    assertEquals(await Deno.readTextFile(new URL("policies/live/synthetic.json", root)), text);
  });
});

Deno.test("learn() learns only what it is told to", async () => {
  await withFolder(smallTrace(1500), async ({ root, print }) => {
    const args = ["synthetic", "--class", "trees", "--combine", "mean", "--loss", "top1"];
    await learn(args, { root, print });
    const file = new URL("policies/live/synthetic.json", root);
    const { combine, loss, provenance, points } = parsePolicy(await Deno.readTextFile(file));
    assertEquals([combine, loss, provenance.method], ["mean", "top1", "learned: trees"]);
    assert(
      points.flatMap(({ certificates = [] }) => certificates).every((proof) => {
        return proof.loss === "top1" && proof.method === "binomial";
      }),
    );
  });
});

Deno.test("learn() cross-validates where there are few examples, and says what is not proved", async () => {
  const trace = { ...smallTrace(620), part: new Uint8Array(620) };
  await withFolder(trace, async ({ root, lines, print }) => {
    await learn(["synthetic", "--class", "threshold", "--combine", "last"], { root, print });
    const file = new URL("policies/live/synthetic.json", root);
    const { certified, active, points, provenance } = parsePolicy(await Deno.readTextFile(file));
    assertEquals(certified, false);
    assertEquals(provenance.split, "310 train, 310 calibration");
    assert(points.some(({ id }) => id === active));
    const proved = points.flatMap(({ certificates = [] }) => certificates.map((one) => one.alpha));
    assert(proved.length > 0 && Math.min(...proved) > 0.01, `${proved}`);
    assertStringIncludes(lines.join("\n"), "Cross-validating: 5 folds, 3 times");
    assertStringIncludes(lines.join("\n"), "expected to keep loss ≤ 1%");

    const report = new URL("reports/synthetic/report.json", root);
    const before = JSON.parse(await Deno.readTextFile(report));
    assertEquals(before.cross_validation, { folds: 5, repeats: 3 });
    assertEquals([before.n.test, before.points.length], [620, points.length]);
    assert(before.speedups.every(({ loss, max_loss }: { loss: number; max_loss: number }) => {
      return loss <= max_loss + 1e-9;
    }));
  });
});

Deno.test("learn() makes the same policy of the same seed", async () => {
  await withFolder(smallTrace(1500), async ({ root, print }) => {
    const file = new URL("policies/live/synthetic.json", root);
    await learn(["synthetic", "--max-cost", "4ms"], { root, print });
    const first = await Deno.readTextFile(file);
    await learn(["synthetic", "--max-cost", "4ms"], { root, print });
    assertEquals(await Deno.readTextFile(file), first);
    const { active, points } = parsePolicy(first);
    const bound = points.find(({ id }) => id === active)?.cost_bound?.bound;
    assert(bound !== undefined && bound <= 4, `${bound}`);
  });
});

Deno.test("learn() writes nothing where something cannot be used", async (t) => {
  const trace = smallTrace(1500);
  const cases: [name: string, args: string[], message: string][] = [
    ["no pair", [], "Usage: deno task learn <pair>"],
    ["a path as a pair", ["../other"], "Cannot use pair"],
    ["no trace", ["other"], "there is no such file"],
    ["a loss beyond 100%", ["synthetic", "--max-loss", "1"], "did you mean 1%?"],
    ["a price and a limit", ["synthetic", "--lambda", "2", "--speedup", "2"], "--lambda"],
    ["an unknown loss", ["synthetic", "--loss", "log"], "expected one of signed"],
    ["an unknown class", ["synthetic", "--class", "trees,kNN"], 'there is no "kNN"'],
    ["an unknown pool", ["synthetic", "--combine", "first"], "some of last, mean, learned"],
    ["a seed that is none", ["synthetic", "--seed", "x"], "--seed x"],
    ["a cost below the cheapest node's", ["synthetic", "--max-cost", "1us"], "Cannot meet cost"],
  ];
  await withFolder(trace, async ({ root, print }) => {
    for (const [name, args, message] of cases) {
      await t.step(name, async () => {
        const { message: got } = await assertRejects(() => learn(args, { root, print }), Error);
        assertStringIncludes(got, message);
        assertEquals(namesOf(root, "policies/live/"), []);
        assertEquals(namesOf(root, "reports/"), []);
      });
    }
  });
  await t.step("one class only", async () => {
    await withFolder(trace, async ({ root, print }) => {
      const file = new URL("traces/synthetic.npz", root);
      const arrays = unpackNpz(await Deno.readFile(file));
      const labels = { shape: [trace.count], values: new Int32Array(trace.count) };
      await Deno.writeFile(file, packNpz(new Map([...arrays, ["labels", formatNpy(labels)]])));
      const message = "labels: expected two classes or more, got only 0";
      await assertRejects(() => learn(["synthetic"], { root, print }), Error, message);
      assertEquals(namesOf(root, "policies/live/"), []);
    });
  });
  await t.step("few examples", async () => {
    await withFolder(smallTrace(90), async ({ root, print }) => {
      await assertRejects(() => learn(["synthetic"], { root, print }), RangeError, "Cannot split");
      assertEquals(namesOf(root, "policies/live/"), []);
    });
  });
});

Deno.test("evaluateLive() refuses a policy for other models", async () => {
  await withFolder(smallTrace(600), async ({ root, print }) => {
    const run = () => evaluateLive(["synthetic"], { root, print });
    await assertRejects(run, Error, "there is no policies/live/synthetic.json");
    const policy = {
      pair: "synthetic",
      models: { small: "f".repeat(64), large: "f".repeat(64) },
      nodes: { small: { class: "threshold", feature: "margin", actions: ["exit", "large"] } },
      points: [{ id: "a", nodes: { small: { thresholds: [0.5] } } }],
      active: "a",
      provenance: { method: "hand-set" },
    };
    await Deno.mkdir(new URL("policies/live/", root), { recursive: true });
    const file = new URL("policies/live/synthetic.json", root);
    await Deno.writeTextFile(file, JSON.stringify(policy));
    await assertRejects(run, Error, "/models/small");
    const models = smallTrace(600).models;
    await Deno.writeTextFile(file, JSON.stringify({ ...policy, models }));
    await assertRejects(run, Error, "names no seed");
    assertEquals(namesOf(root, "reports/"), []);
  });
});
