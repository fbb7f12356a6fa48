import { assert, assertEquals } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { postJson } from "../harness/http/requests.ts";

const input = { data: Array<number>(784).fill(0), shape: [1, 28, 28] };
const url = "/v1/pairs/fashion-mnist/classify?policy=always:large";

Deno.test("health answers while 50 requests run on the large network", async () => {
  using app = await startTestApp();
  let answered = 0;
  const requests = Array.from({ length: 50 }, async () => {
    const response = await app.request(url, postJson(input));
    answered++;
    await response.body?.cancel();
    return response.status;
  });
  // Let the requests reach the workers.
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (let i = 0; i < 5; i++) {
    assertEquals(await app.json("/healthz"), { status: "ok" });
  }
  assert(answered < 50, "expected health to answer before the requests are done");
  assertEquals(await Promise.all(requests), Array(50).fill(200));
});

Deno.test("a full queue answers 503 and says when to come back", async () => {
  using app = await startTestApp({ workers: 1, queue: 2 });
  const responses = await Promise.all(
    Array.from({ length: 10 }, () => app.request(url, postJson(input))),
  );
  const statuses = responses.map(({ status }) => status);
  assertEquals(statuses.filter((status) => status === 200).length, 3, String(statuses));
  const refused = responses.find(({ status }) => status === 503);
  assertEquals(refused?.headers.get("retry-after"), "1");
  assertEquals((await refused?.json())?.type, "urn:sluice:problem:queue-full");
  const again = await app.request(url, postJson(input));
  assertEquals(again.status, 200);
  await Promise.all([...responses, again].filter((r) => !r.bodyUsed).map((r) => r.body?.cancel()));
});

Deno.test("pairs answer 503 while they load, and health answers all the same", async () => {
  const { createApp } = await import("../../routes/mod.ts");
  const { readConfig, startServices } = await import("../../server/mod.ts");
  const config = { ...readConfig(() => undefined), workers: 1, store: "memory" as const };
  const services = await startServices(config, { log: () => {} });
  const { fetch } = createApp(services);
  const get = async (path: string) => await fetch(new Request(`http://sluice.test${path}`));
  try {
    assertEquals((await get("/healthz")).status, 200);
    assertEquals((await get("/v2/health/live")).status, 200);
    assertEquals((await get("/v2/health/ready")).status, 503);
    await services.loaded;
    assertEquals((await get("/v2/health/ready")).status, 200);
  } finally {
    services.close();
  }
});

Deno.test("CORS is off unless origins are given", async () => {
  const headers = { origin: "https://a.example" };
  using closed = await startTestApp({ workers: 1 }, { plugins: [] });
  const without = await closed.request("/healthz", { headers });
  assertEquals(without.headers.get("access-control-allow-origin"), null);
  using open = await startTestApp({ workers: 1, corsOrigins: ["https://a.example"] }, {
    plugins: [],
  });
  const allowed = await open.request("/healthz", { headers });
  assertEquals(allowed.headers.get("access-control-allow-origin"), "https://a.example");
  const exposed = allowed.headers.get("access-control-expose-headers")?.split(",") ?? [];
  assert(exposed.includes("Inference-Header-Content-Length"), exposed.join());
  const other = await open.request("/healthz", { headers: { origin: "https://b.example" } });
  assertEquals(other.headers.get("access-control-allow-origin"), null);
});
