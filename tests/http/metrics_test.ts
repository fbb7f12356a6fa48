import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { startTestApp, type TestApp } from "../harness/app/app.ts";
import { postImage, postJson } from "../harness/http/requests.ts";
import { normalise, readSample, readSamples } from "../harness/files/samples.ts";
import { Scrape } from "../harness/app/scrape.ts";

const samples = await readSamples();
const image = await readSample("0051.png");
const TOKEN = { authorization: "Bearer metrics" };

async function scrape(app: TestApp): Promise<Scrape> {
  const response = await app.request("/metrics");
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return new Scrape(await response.text());
}

function batchOf(count: number) {
  const data = Array.from(normalise(samples.slice(0, count)));
  return { inputs: [{ name: "image", datatype: "FP32", shape: [count, 1, 28, 28], data }] };
}

Deno.test("counters add up to the requests that were sent", async () => {
  using app = await startTestApp();
  const routes: { path: string[]; cost: number; full_cost: number }[] = [];
  for (const policy of [undefined, undefined, "always:small", "always:large"]) {
    const query = policy ? `?policy=${policy}` : "";
    const url = `/v1/pairs/fashion-mnist/classify${query}`;
    routes.push((await app.json(url, postImage(image))).route);
  }
  const { parameters } = await app.json(
    "/v2/models/fashion-mnist-exits/infer",
    postJson(batchOf(5)),
  );
  await app.request("/v1/pairs/fashion-mnist/classify", postImage(new Uint8Array([1, 2, 3])));
  await app.request("/v1/pairs/no-such-pair/classify", postImage(image));
  await app.request("/no/such/path?of=mine");

  const counted = await scrape(app);
  const http = (labels: Record<string, string>) =>
    counted.sum("sluice_http_requests_total", labels);
  assertEquals(http({}), 8);
  const classify = { method: "POST", route: "/v1/pairs/:pair/classify" };
  assertEquals(http({ ...classify, status: "200" }), 4);
  assertEquals(http({ ...classify, status: "422" }), 1);
  assertEquals(http({ ...classify, status: "404" }), 1);
  assertEquals(http({ route: "none", status: "404" }), 1);
  assertEquals(counted.sum("sluice_http_request_seconds"), 8);
  assertEquals(counted.sum("sluice_problems_total"), 3);
  assertEquals(counted.sum("sluice_problems_total", { type: "unknown-pair" }), 1);

  const mine = { pair: "fashion-mnist" };
  assertEquals(counted.sum("sluice_inferences_total", { ...mine, role: "active" }), 2);
  assertEquals(counted.sum("sluice_inferences_total", { ...mine, role: "request" }), 2);
  assertEquals(counted.sum("sluice_inferences_total"), 5);
  assertEquals(counted.sum("sluice_queue_wait_seconds"), 5);
  assertEquals(counted.sum("sluice_exits_total", mine), 4);
  assertEquals(counted.sum("sluice_exits_total", { pair: "fashion-mnist-exits" }), 5);
  for (const node of ["small", "medium", "large"]) {
    const runs = routes.filter(({ path }) => path.includes(node)).length;
    assertEquals(counted.sum("sluice_node_seconds", { ...mine, node }), runs);
    const exits = routes.filter(({ path }) => path.at(-1) === node).length;
    assertEquals(counted.sum("sluice_exits_total", { ...mine, node }), exits);
  }
  const stages = parameters.route.split(",").map((path: string) => path.split(">"));
  assertEquals(
    counted.sum("sluice_node_seconds", { pair: "fashion-mnist-exits" }),
    stages.flat().length,
  );
  const total = (member: "cost" | "full_cost") =>
    routes.reduce((sum, route) => sum + route[member], 0) / 1000;
  // Answers round to 0.1 µs.
  assertAlmostEquals(counted.sum("sluice_cost_total", mine), total("cost"), 1e-6);
  assertAlmostEquals(counted.sum("sluice_full_cost_total", mine), total("full_cost"), 1e-6);
  assertAlmostEquals(
    counted.sum("sluice_saved_cost", mine),
    total("full_cost") - total("cost"),
    1e-6,
  );
  const pairs = [...counted.families.values()].flatMap(({ metrics }) => metrics)
    .flatMap(({ labels }) => labels?.["pair"] ?? []);
  assertEquals([...new Set(pairs)].toSorted(), ["fashion-mnist", "fashion-mnist-exits"]);
});

Deno.test("gauges show what serves, and forget what does not", async () => {
  using app = await startTestApp({ adminTokens: ["metrics"], shadow: 1 });
  const url = "/v1/pairs/fashion-mnist/policy";
  const text = await (await app.request(url)).text();
  const change = { method: "PATCH", headers: TOKEN, body: '{"active": "p2"}' };
  assertEquals((await app.request(url, change)).status, 200);
  const canary = { method: "PUT", headers: TOKEN, body: text };
  assertEquals((await app.request(`${url}/canary?share=25%`, canary)).status, 200);
  for (let count = 0; count < 8; count++) {
    await app.request("/v1/pairs/fashion-mnist/classify", postImage(image));
  }
  const shown = await scrape(app);
  const mine = { pair: "fashion-mnist" };
  const info = { ...mine, role: "active" };
  assertEquals(
    shown.sum("sluice_policy_info", {
      ...info,
      policy: "fashion-mnist@2",
      operating_point: "p2",
    }),
    1,
  );
  assertEquals(shown.sum("sluice_policy_info", info), 1);
  assertEquals(shown.sum("sluice_policy_info", { ...mine, role: "canary" }), 1);
  assertEquals(shown.sum("sluice_canary_share_ratio", mine), 0.25);
  assertEquals(shown.sum("sluice_policy_swaps_total", { ...mine, change: "choose" }), 1);
  assertEquals(shown.sum("sluice_policy_swaps_total", mine), 2);
  assertEquals(shown.sum("sluice_events_total", { kind: "canary_set" }), 1);
  assertEquals(shown.sum("sluice_pairs", { status: "ready" }), 2);
  assertEquals([shown.sum("sluice_workers"), shown.sum("sluice_queue_capacity")], [2, 256]);
  const report = await app.json("/v1/pairs/fashion-mnist/report");
  const version = report.versions.find(({ role }: { role: string }) => role === "active");
  const risk = { ...info, quantity: "disagreement" };
  assertEquals(shown.sum("sluice_risk_limit_ratio", risk), version.disagreement.limit);
  assert(shown.sum("sluice_risk_upper_ratio", risk) > 0);
  assert(shown.sum("process_resident_memory_bytes") > 1e6);

  await app.request(`${url}/canary`, { method: "DELETE", headers: TOKEN });
  const after = await scrape(app);
  assertEquals(after.sum("sluice_policy_info", { ...mine, role: "canary" }), 0);
});

Deno.test("what callers choose does not become a label", async () => {
  using app = await startTestApp();
  for (const method of ["GET", "BREW", "PURGE"]) {
    await app.request(`/v1/pairs/${method.toLowerCase()}`, { method });
  }
  const { families } = await scrape(app);
  const seen = families.get("sluice_http_requests_total")?.metrics.map(({ labels }) => labels);
  assertEquals(seen, [
    { method: "GET", route: "/v1/pairs/:pair", status: "404" },
    { method: "OTHER", route: "none", status: "405" },
  ]);
});

Deno.test("what can happen is shown before it has: the first time counts too", async () => {
  using app = await startTestApp();
  const fresh = await scrape(app);
  const labelsOf = (name: string, label: string, { families } = fresh) =>
    new Set(families.get(name)?.metrics.map(({ labels }) => labels?.[label]));
  const mine = { pair: "fashion-mnist" };
  assertEquals(fresh.sum("sluice_exits_total", mine), 0);
  assertEquals(labelsOf("sluice_exits_total", "role"), new Set(["active", "canary", "request"]));
  assert(labelsOf("sluice_problems_total", "type").has("queue-full"));
  assert(labelsOf("sluice_events_total", "kind").has("worker_crashed"));
  assert(labelsOf("sluice_policy_swaps_total", "change").has("fall_back"));

  await app.request("/v1/pairs/no-such-pair");
  await app.request("/v1/pairs/fashion-mnist/classify", postImage(image));
  const then = await scrape(app);
  assertEquals(then.sum("sluice_problems_total"), 1);
  assertEquals(then.sum("sluice_policy_swaps_total"), 2);
  assertEquals(then.sum("sluice_exits_total"), 1);
  const quantities = labelsOf("sluice_alarms_total", "quantity");
  assertEquals(quantities, new Set(["disagreement", "loss", "full_share"]));
  assertEquals(labelsOf("sluice_alarm_fired", "quantity", then), quantities);
});
