/** Policies are swapped under load: every answer is wholly of the version that it names. */
import { assert, assertEquals } from "@std/assert";
import { settle } from "../harness/wait/settle.ts";
import { startTestApp } from "../harness/app/app.ts";
import { spyOnWorkers } from "../harness/swap/spy_on_workers.ts";
import { keepAsking, readInputs } from "../harness/swap/load.ts";
import { record, type Recorded, Replay } from "../harness/swap/replay.ts";
import { Swapper } from "../harness/swap/swapper.ts";

const PAIRS = ["fashion-mnist", "fashion-mnist-exits"];
const SWAPS = 30;
const TOKEN = "t";

const inputs = await readInputs();
// Here, because a runtime's start leaves a message port open for good, which Deno 2.5 takes for a leak of
// the test.
const recorded = new Map<string, Recorded>();
for (const pair of PAIRS) recorded.set(pair, await record(pair, inputs));

Deno.test("under load with swaps no request fails and no answer mixes two policies", async () => {
  using workers = spyOnWorkers();
  using app = await startTestApp({ workers: 2, adminTokens: [TOKEN] });
  const send = app.request;
  const targets = [...recorded.values()].map(({ target }) => target);
  const swapper = await Swapper.start(send, TOKEN, targets);
  const end = new AbortController();
  const asking = keepAsking({
    send,
    connections: 8,
    pairs: PAIRS,
    inputs,
    version: (pair) => swapper.version(pair),
    signal: end.signal,
  });
  try {
    await Promise.all(PAIRS.map(async (pair) => {
      for (let swap = 0; swap < SWAPS; swap++) {
        await swapper.put(pair, swap % 2 === 0 ? "safe" : "fast");
      }
    }));
  } finally {
    end.abort();
  }
  const outcomes = await asking;
  const replay = new Replay(recorded, swapper.texts);
  assertEquals(outcomes.flatMap(({ reply }) => "failure" in reply ? [reply.failure] : []), []);
  assertEquals(outcomes.flatMap((outcome) => replay.disagreement(outcome) ?? []), []);

  for (const pair of PAIRS) {
    const own = outcomes.filter((outcome) => outcome.pair === pair);
    const seen = (member: "policy" | "point") =>
      new Set(own.map(({ reply }) => "failure" in reply ? "" : reply[member])).size;
    assert(seen("policy") > SWAPS / 2, `${pair}: ${seen("policy")} versions answered`);
    assert(seen("point") >= 2, `${pair}: ${seen("point")} operating points answered`);
  }
  await settle();
  const serving = PAIRS.map((pair) => app.services.registry.get(pair).live.snapshot.id ?? "");
  assertEquals(workers.retained(), [serving.toSorted(), serving.toSorted()]);
});
