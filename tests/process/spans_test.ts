/** Spans of the real process, as a collector of OpenTelemetry gets them; started as docs/observability.md says. */
import { assert, assertEquals } from "@std/assert";
import { startMain } from "../harness/process/server_process.ts";
import { startFakeCollector } from "../harness/fakes/fake_collector.ts";
import { postImage } from "../harness/http/requests.ts";
import { readSample } from "../harness/files/samples.ts";

Deno.test("a request is one trace: the route, the pair, the queue, decoding and every node", async () => {
  await using collector = startFakeCollector();
  await using server = await startMain({
    OTEL_DENO: "true",
    OTEL_DENO_CONSOLE: "ignore",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: "100",
    SLUICE_LOG: "json",
    SLUICE_STORE: "memory",
  });
  const response = await fetch(
    `${server.address}/v1/pairs/fashion-mnist/classify?policy=always:medium`,
    postImage(await readSample("0051.png"), { "x-request-id": "traced-1" }),
  );
  const { route } = await response.json();
  assertEquals(route.path, ["medium"]);

  const name = "POST /v1/pairs/:pair/classify";
  const all = await collector.spans(name);
  const top = all.find((span) => span.name === name)!;
  assertEquals(top.attributes["http.route"], "/v1/pairs/:pair/classify");
  assertEquals(top.attributes["sluice.request_id"], "traced-1");
  const inside = (id: string) => all.filter(({ parentSpanId }) => parentSpanId === id);
  const [infer] = inside(top.spanId);
  assertEquals(infer?.name, "infer fashion-mnist");
  assertEquals(infer?.attributes["sluice.pair"], "fashion-mnist");
  assertEquals(infer?.attributes["sluice.policy"], "always:medium");
  assertEquals(infer?.attributes["sluice.exit"], "medium");
  const parts = inside(infer!.spanId);
  assertEquals(parts.map((span) => span.name).toSorted(), ["decode", "node medium", "queue"]);
  for (const { traceId, start, end } of parts) {
    assertEquals(traceId, top.traceId);
    assert(start <= end && start >= infer!.start - 1 && end <= infer!.end + 1);
  }

  const lines = server.output().split("\n").filter((line) => line.includes("traced-1"));
  const [line] = lines.map((text) => JSON.parse(text));
  assertEquals([lines.length, line.trace_id, line.pair, line.status], [
    1,
    top.traceId,
    "fashion-mnist",
    200,
  ]);
});
