import { assertEquals, assertRejects } from "@std/assert";
import { startTestApp } from "../tests/harness/app/app.ts";
import { RunningRequests } from "./running_requests.ts";
import { shutDown } from "./shutdown.ts";

/** Shuts down a server that is idle and ends as these promises do; gives what happened, in order. */
async function happened(idle: Promise<void>, finished: Promise<void>): Promise<string[]> {
  const events: string[] = [];
  const note = (event: string) => () => void events.push(event);
  await shutDown({
    requests: { idle: () => idle.finally(note("idle")) },
    server: { shutdown: () => (note("shutdown")(), finished.finally(note("finished"))) },
    services: { drain: note("drain"), close: note("close") },
    log: (line) => events.push(line),
  }, { uploadMs: 20, graceMs: 40 });
  return events;
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const never = new Promise<void>(() => {});

Deno.test("shutDown() closes the services when the last request is answered", async () => {
  const events = await happened(after(2), after(10));
  assertEquals(events, ["drain", "idle", "shutdown", "finished", "close"]);
});

Deno.test("shutDown() waits for uploads no longer than it must, and for answers longer", async () => {
  assertEquals(await happened(never, after(30)), ["drain", "shutdown", "finished", "close"]);
});

Deno.test("shutDown() closes the services under requests that take too long", async () => {
  const cut = "requests still run 0.04 s after the signal: they are cut off";
  assertEquals(await happened(never, never), ["drain", "shutdown", cut, "close"]);
});

Deno.test("a server that is about to stop says so to those who ask", async () => {
  using app = await startTestApp({ workers: 1 });
  const ask = async (path: string) => {
    const response = await app.request(path);
    const { type } = await response.json();
    return [response.status, response.headers.get("retry-after"), type];
  };
  assertEquals((await ask("/v2/health/ready"))[0], 200);
  assertEquals((await ask("/v1/pairs"))[0], 200);
  app.services.drain();
  assertEquals(await ask("/v1/pairs"), [503, "1", "urn:sluice:problem:stopping"]);
  assertEquals((await ask("/v2/health/ready"))[0], 503);
  assertEquals((await ask("/v2/health/live"))[0], 200);
  assertEquals((await ask("/healthz"))[0], 200);
});

Deno.test("RunningRequests.idle() resolves when the last request is answered, or has failed", async () => {
  const requests = new RunningRequests();
  await requests.idle();
  const [one, two] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
  const answers = [requests.run(() => one.promise), requests.run(() => two.promise)];
  let isIdle = false;
  const idle = requests.idle().then(() => isIdle = true);
  one.resolve(1);
  assertEquals(await answers[0], 1);
  await after(1);
  assertEquals(isIdle, false);
  two.reject(new RangeError("no answer"));
  await assertRejects(() => answers[1]!, RangeError, "no answer");
  await idle;
});
