/** The log: one line for each request and each event, whatever they bring. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { logEvent, openLog } from "../../server/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { postImage } from "../harness/http/requests.ts";
import { readSample } from "../harness/files/samples.ts";

const IMAGE = await readSample("0051.png");
const CLASSIFY = "/v1/pairs/fashion-mnist/classify";

Deno.test("a request is one line: what was asked, what was answered, and how", async () => {
  using app = await startTestApp({ workers: 1 });
  const lines: string[] = [];
  openLog("json", "info", (line) => lines.push(line));
  const headers = { "x-request-id": "order-17", authorization: "Bearer s3cret" };
  await app.request(`${CLASSIFY}?policy=always:small`, postImage(IMAGE, headers));
  await app.request("/no/such/path?of=mine", { headers: { "x-request-id": "order-18" } });
  const [{ ms, "@timestamp": time, ...line }, { problem, status, route }] = lines.map((text) =>
    JSON.parse(text)
  );
  assertEquals(line, {
    level: "INFO",
    message: `POST /v1/pairs/:pair/classify 200 ${ms} ms fashion-mnist small order-17`,
    logger: "sluice.request",
    method: "POST",
    route: "/v1/pairs/:pair/classify",
    status: 200,
    request_id: "order-17",
    pair: "fashion-mnist",
    policy: "always:small",
    path: "small",
  });
  assert(Math.abs(Date.parse(time) - Date.now()) < 60_000);
  assertEquals([problem, status, route], ["not-found", 404, "none"]);
  assertEquals(lines.length, 2);
  assert(!lines.join().includes("s3cret"));
});

Deno.test("an error that nobody expected is in its request's line, with its stack", async () => {
  using app = await startTestApp({ workers: 1 });
  const { registry } = app.services;
  registry.infer = () => Promise.reject(new TypeError("one {thing}\nand another"));
  for (const format of ["json", "text"] as const) {
    const lines: string[] = [];
    openLog(format, "error", (line) => lines.push(line));
    const response = await app.request(CLASSIFY, postImage(IMAGE));
    const { detail } = await response.json();
    assert(!detail.includes("thing"));
    assertEquals(lines.length, 1);
    const [line = ""] = lines;
    assert(!line.includes("\n"));
    const id = response.headers.get("x-request-id");
    assertMatch(line, / 500 .* internal /);
    assert(line.includes(`${id} TypeError: one {thing} and another at `), line);
    if (format === "json") {
      const { level, error } = JSON.parse(line);
      assertEquals(level, "ERROR");
      assertMatch(error, /^TypeError: one \{thing\}\nand another\n +at .*log_test/);
    }
  }
});

Deno.test("an event is one line, even if what it tells has several", () => {
  const lines: string[] = [];
  openLog("text", "warning", (line) => lines.push(line));
  logEvent("pair shop: serves shop@2", { kind: "policy_swapped", pair: "shop" });
  logEvent("plugin shop: {\n  no end\r\n", { kind: "plugin_failed", pair: "shop" });
  openLog("text", "off", (line) => lines.push(line));
  logEvent("plugin shop: bad", { kind: "plugin_failed", pair: "shop" });
  assertEquals(lines.length, 1);
  assertMatch(lines[0] ?? "", /^\S+Z \[ERR\] sluice·event: plugin shop: \{ no end ?$/);
});
