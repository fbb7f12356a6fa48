/** A pair whose expensive network is elsewhere, through the real app. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { PairSpec } from "../../registry/mod.ts";
import type { Session } from "../../registry/base/mod.ts";
import { startTestApp, type TestApp } from "../harness/app/app.ts";
import { postImage, postJson } from "../harness/http/requests.ts";
import {
  type FakeOipServer,
  type FakeOipServerOptions,
  startFakeOipServer,
} from "../harness/fakes/fake_oip_server.ts";
import { makePluginFolder, otherPair } from "../harness/files/plugins.ts";
import { readSamples } from "../harness/files/samples.ts";
import { until } from "../harness/wait/until.ts";

const [SAMPLE] = await readSamples();
const TOKEN = "SLUICE_TEST_TOKEN_OF_DEAR";

/** Always answers class 3. */
const DEAR: Session = {
  served: { backend: "wasm" },
  inputs: [{ name: "image", type: "float32", shape: ["batch", 1, 28, 28] }],
  outputs: [{ name: "logits", type: "float32", shape: ["batch", 10] }],
  run: ({ image }) => {
    const count = image?.shape[0] ?? 0;
    const data = Float32Array.from({ length: 10 * count }, (_, index) => index % 10 === 3 ? 9 : 0);
    return Promise.resolve({ logits: { datatype: "FP32", shape: [count, 10], data } });
  },
  release: () => Promise.resolve(),
};

/** The pair whose `dear` is at an address; without a policy, so that `dear` answers everything. */
function edge(url: string, change: Partial<PairSpec> = {}): PairSpec {
  const pair = otherPair("edge");
  const source = `${url}/v2/models/dear`;
  const dear = { backend: "remote" as const, source, remote: { timeoutMs: 3000 } };
  return { ...pair, models: { ...pair.models, dear }, ...change };
}

interface Setting extends AsyncDisposable {
  readonly app: TestApp;
  readonly server: FakeOipServer;
}

/** The app with one worker, over a server that has the model. */
async function start(
  pairOf: (url: string) => PairSpec = edge,
  options: FakeOipServerOptions = {},
): Promise<Setting> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(startFakeOipServer(options));
  server.models.set("dear", DEAR);
  const plugins = stack.use(await makePluginFolder({ edge: pairOf(server.url) }));
  const app = stack.use(await startTestApp({ plugins: [fileURLToPath(plugins.url)], workers: 1 }));
  const moved = stack.move();
  return { app, server, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

const classify = (app: TestApp, query = "") => {
  return app.request(`/v1/pairs/edge/classify${query}`, postImage(SAMPLE?.png ?? new Uint8Array()));
};

const tensor = (count: number) => ({
  inputs: [{
    name: "image",
    datatype: "FP32",
    shape: [count, 1, 28, 28],
    data: Array(784 * count).fill(0.5),
  }],
});

Deno.test("a network elsewhere answers as one that is here, and its round trip is its cost", async () => {
  await using setting = await start();
  const { app } = setting;
  const response = await classify(app);
  const { predictions, route } = await response.json();
  assertEquals([response.status, response.headers.get("sluice-degraded")], [200, null]);
  assertEquals([predictions[0].index, route.path], [3, ["dear"]]);
  const { models } = await app.json("/v1/pairs/edge");
  assertEquals([models.dear.backend, models.dear.cost_unit], ["remote", "ms"]);
  assert(models.dear.cost > 0);
  assertEquals("bytes" in models.dear, false);
  assertEquals("unavailable" in models.dear, false);
  assertEquals(route.full_cost, models.dear.cost);
  assertEquals(app.log.filter((line) => line.includes("available")), []);
});

Deno.test("a pair comes up without the server that it needs, and takes it when it is there", async () => {
  let up = false;
  await using setting = await start(edge, {
    answer: (_, usual) => up ? usual() : Response.json({ error: "no model yet" }, { status: 503 }),
  });
  const { app } = setting;
  const before = await app.json("/v1/pairs/edge");
  assertEquals([before.status, before.models.dear.cost], ["ready", null]);
  assertStringIncludes(before.models.dear.unavailable, "status 503: no model yet");

  const degraded = await classify(app);
  const { route } = await degraded.json();
  assertEquals([degraded.status, degraded.headers.get("sluice-degraded")], [200, "dear"]);
  assertEquals([route.path, route.policy, route.full_cost], [["cheap"], "always:dear", null]);
  assertStringIncludes(route.degraded.reason, "status 503: no model yet");

  up = true;
  await until("the network is noticed", async () => {
    return (await app.json("/v1/pairs/edge")).models.dear.cost !== null;
  });
  const after = await app.json("/v1/pairs/edge");
  assertEquals(after.models.dear.unavailable, undefined);
  assertEquals((await (await classify(app)).json()).route.path, ["dear"]);
  assertEquals(app.log.filter((line) => line.includes("dear is")).length, 2);
});

Deno.test("a server that fails: an answer without it, or the error for who asks for it", async (t) => {
  let broken = false;
  await using setting = await start(edge, {
    answer: (request, usual) => {
      const fails = request.method === "POST" && broken;
      return fails ? Response.json({ error: "no GPU" }, { status: 500 }) : usual();
    },
  });
  const { app } = setting;
  await classify(app);
  broken = true;

  await t.step("classify", async () => {
    const response = await classify(app);
    assertEquals([response.status, response.headers.get("sluice-degraded")], [200, "dear"]);
    const { route } = await response.json();
    assertEquals(route.degraded, { node: "dear", reason: "status 500: no GPU" });
    assertEquals([route.exit, route.nodes.length], ["cheap", 1]);
  });

  await t.step("a batch in the Open Inference Protocol", async () => {
    const answer = await app.json("/v2/models/edge/infer", postJson(tensor(3)));
    assertEquals(answer.outputs[0].shape, [3, 10]);
    assertEquals(answer.parameters.degraded, "dear,dear,dear");
    assertEquals(answer.parameters.route, "cheap,cheap,cheap");
  });

  await t.step("always:dear", async () => {
    const response = await classify(app, "?policy=always:dear");
    assertEquals(response.status, 503);
    assertEquals(response.headers.get("retry-after"), "1");
    const problem = await response.json();
    assertEquals(problem.type, "urn:sluice:problem:node-unavailable");
    assertStringIncludes(problem.detail, "Cannot run dear");
    // Not even the address.
    assertEquals(problem.detail.includes("127.0.0.1"), false);
  });

  await t.step("always:cheap", async () => {
    const response = await classify(app, "?policy=always:cheap");
    assertEquals([response.status, response.headers.get("sluice-degraded")], [200, null]);
  });

  await t.step("the report", async () => {
    const { versions: [version] } = await app.json("/v1/pairs/edge/report");
    // One answer was whole, and four were not.
    assertEquals([version.items, version.degraded], [5, 4]);
    assertEquals(version.exits, { dear: 0.2, cheap: 0.8 });
  });
});

Deno.test("a worker answers others while one waits for a network elsewhere", async () => {
  const waiting: (() => void)[] = [];
  let hold = false;
  await using setting = await start(edge, {
    answer: async (request, usual) => {
      if (hold && request.method === "POST") {
        await new Promise<void>((go) => waiting.push(go));
      }
      return await usual();
    },
  });
  hold = true;
  const { app } = setting;
  const held = [classify(app), classify(app), classify(app)];
  await until("three requests have arrived", () => waiting.length === 3);
  // The one worker holds three requests, and still answers.
  assertEquals((await classify(app, "?policy=always:cheap")).status, 200);
  hold = false;
  for (const go of waiting) go();
  for (const response of await Promise.all(held)) {
    assertEquals([response.status, response.headers.get("sluice-degraded")], [200, null]);
    await response.body?.cancel();
  }
});

Deno.test("prices take the place of milliseconds, everywhere in the pair's unit", async () => {
  const priced = (url: string) => {
    const { models: { cheap, dear }, ...pair } = edge(url);
    const models = {
      cheap: { ...cheap, source: cheap?.source ?? "", cost: 0.5 },
      dear: { ...dear, source: dear?.source ?? "", cost: 40.25 },
    };
    return { ...pair, models, costUnit: "µ$" };
  };
  await using setting = await start(priced);
  const { app } = setting;
  const { models } = await app.json("/v1/pairs/edge");
  const costs = ["cheap", "dear"].map((node) => [models[node].cost, models[node].cost_unit]);
  assertEquals(costs, [[0.5, "µ$"], [40.25, "µ$"]]);
  const { route } = await (await classify(app)).json();
  assertEquals([route.cost, route.full_cost, route.cost_unit], [40.25, 40.25, "µ$"]);
  const { versions: [version] } = await app.json("/v1/pairs/edge/report");
  assertEquals([version.cost, version.cost_unit], [40.25, "µ$"]);
  const { outputs } = await app.json("/v2/models/edge");
  const cost = outputs.find(({ name }: { name: string }) => name === "cost");
  assertEquals(cost.parameters.unit, "µ$");
});

Deno.test("the token goes to the server, and nowhere else", async () => {
  const seen: (string | null)[] = [];
  const withToken = (url: string) => {
    const { models, ...pair } = edge(url);
    const dear = {
      ...models["dear"],
      source: models["dear"]?.source ?? "",
      remote: { token: TOKEN },
    };
    return { ...pair, models: { ...models, dear } };
  };
  Deno.env.set(TOKEN, "s3cret-of-dear");
  try {
    let broken = false;
    await using setting = await start(withToken, {
      answer: (request, usual) => {
        const header = request.headers.get("authorization");
        seen.push(header);
        // Some servers repeat what they were sent.
        return broken ? Response.json({ error: `who is ${header}` }, { status: 401 }) : usual();
      },
    });
    const { app } = setting;
    await classify(app);
    broken = true;
    const answers = [
      await (await classify(app)).text(),
      await (await classify(app, "?policy=always:dear")).text(),
      await (await app.request("/v1/pairs/edge")).text(),
      app.log.join(),
    ];
    assertEquals([...new Set(seen)], ["Bearer s3cret-of-dear"]);
    assertStringIncludes(answers[0] ?? "", "status 401: who is Bearer [token]");
    assertEquals(answers.filter((text) => text.includes("s3cret")), []);
  } finally {
    Deno.env.delete(TOKEN);
  }
});

Deno.test("a pair without its token in the environment fails, and says which variable it wants", async () => {
  await using plugins = await makePluginFolder({
    edge: {
      ...edge("http://127.0.0.1:1"),
      models: {
        ...edge("http://127.0.0.1:1").models,
        dear: {
          backend: "remote",
          source: "http://127.0.0.1:1/v2/models/dear",
          remote: { token: TOKEN },
        },
      },
    },
  });
  using app = await startTestApp({ plugins: [fileURLToPath(plugins.url)], workers: 1 });
  const { status, reason } = await app.json("/v1/pairs/edge");
  assertEquals(status, "failed");
  assertStringIncludes(reason, `models.dear.remote.token: the environment has no ${TOKEN}`);
});

Deno.test("a network elsewhere that does not fit is refused with the field, as any other", async () => {
  // The answers of a network of ten classes, for twelve labels.
  const twelve = (url: string) => {
    const dear = edge(url).models["dear"] ?? { source: "" };
    const labels = Array.from({ length: 12 }, (_, index) => `class ${index}`);
    return { ...edge(url), labels, models: { cheap: dear, dear } };
  };
  await using setting = await start(twelve);
  const { status, reason } = await setting.app.json("/v1/pairs/edge");
  assertEquals(status, "failed");
  assertStringIncludes(reason, "models.cheap.output: logits is float32");
});
