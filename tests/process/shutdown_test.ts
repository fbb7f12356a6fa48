/** The real process is told to stop while requests run. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { readSample } from "../harness/files/samples.ts";
import { type ServerProcess, startMain, startTask } from "../harness/process/server_process.ts";
import { until } from "../harness/wait/until.ts";

/** A request whose handler runs and waits for the rest of its body. */
interface Held extends Disposable {
  /** Sends the rest and gives the answer. */
  finish(): Promise<string>;
}

/** Sends half a request, and waits until the server asks for the body. */
async function hold({ address }: ServerProcess): Promise<Held> {
  const { hostname, port } = new URL(address);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const image = await readSample("0001.png");
  const head = [
    "POST /v1/pairs/fashion-mnist/classify HTTP/1.1",
    "Host: sluice.test",
    "Content-Type: image/png",
    `Content-Length: ${image.length}`,
    "Expect: 100-continue",
    "Connection: close",
  ];
  await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n`));
  const buffer = new Uint8Array(1000);
  const read = await connection.read(buffer);
  assertMatch(new TextDecoder().decode(buffer.subarray(0, read ?? 0)), /^HTTP\/1.1 100 /);
  return {
    finish: async () => {
      await connection.write(image);
      return await new Response(connection.readable).text();
    },
    [Symbol.dispose]: () => {
      try {
        connection.close();
      } catch {
        // Read to its end, which closes it.
      }
    },
  };
}

/** Waits until the server has heard the signal; gives what it answers to a new request, if it does. */
async function newcomer({ address }: ServerProcess): Promise<string> {
  return await until("new requests are refused", async () => {
    try {
      const response = await fetch(`${address}/v1/pairs`);
      const { type } = await response.json();
      return response.status !== 200 && String(type);
    } catch (error) {
      if (error instanceof TypeError) return "refused";
      throw error;
    }
  });
}

/** Waits until the server takes no more connections. */
async function refused({ address }: ServerProcess): Promise<void> {
  const { hostname, port } = new URL(address);
  await until("connections are refused", async () => {
    try {
      (await Deno.connect({ hostname, port: Number(port) })).close();
      return false;
    } catch (error) {
      return error instanceof Deno.errors.ConnectionRefused;
    }
  });
}

const STOPPING = "urn:sluice:problem:stopping";

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`at ${signal} the server answers who has asked, and nobody else, and ends`, async () => {
    await using server = await startMain({ SLUICE_STORE: "memory" });
    using held = await hold(server);
    Deno.kill(server.pid, signal);
    assertEquals(await newcomer(server), STOPPING);
    const answer = await held.finish();
    assertMatch(answer, /^HTTP\/1.1 200 /);
    assertMatch(answer, /"label":"Ankle boot"/);
    assertEquals((await server.ended).code, 0);
    assertMatch(server.output(), new RegExp(`${signal}: no more requests are taken`));
    assertEquals(await newcomer(server), "refused");
  });
}

Deno.test("a request that does not end is cut off, and the server ends all the same", async () => {
  await using server = await startMain({ SLUICE_STORE: "memory" });
  using _held = await hold(server);
  Deno.kill(server.pid, "SIGTERM");
  await refused(server);
  assert(!server.output().includes("cut off"), server.output());
  assertEquals((await server.ended).code, 0);
  assertMatch(server.output(), /requests still run 4.5 s after the signal: they are cut off/);
});

Deno.test("a second signal ends the server at once", async () => {
  await using server = await startMain({ SLUICE_STORE: "memory" });
  using _held = await hold(server);
  Deno.kill(server.pid, "SIGINT");
  await refused(server);
  Deno.kill(server.pid, "SIGINT");
  assertEquals((await server.ended).code, 1);
  assert(!server.output().includes("cut off"), server.output());
});

Deno.test("the task runner passes a signal on", async () => {
  await using server = await startTask({ SLUICE_STORE: "memory" });
  using held = await hold(server);
  Deno.kill(server.pid, "SIGTERM");
  assertEquals(await newcomer(server), STOPPING);
  assertMatch(await held.finish(), /^HTTP\/1.1 200 /);
  assertEquals((await server.ended).code, 0);
});
