import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { certificateOf } from "../../tests/harness/generators/certificates.ts";
import { startRawServer } from "../../tests/harness/http/raw_server.ts";
import { closeConnection, type ConnectionOptions, openConnection } from "./open_connection.ts";

const { signal } = new AbortController();
const STRICT = { maxBytes: 1e6, privateSources: false, signal };
const PRIVATE = { ...STRICT, privateSources: true };

/** Looks every name up as the addresses, and counts how often it is asked. */
function lookupOf(...answers: string[][]) {
  let calls = 0;
  const lookup = () => Promise.resolve(answers[Math.min(calls++, answers.length - 1)]!);
  return { lookup, calls: () => calls };
}

/** What a connection is refused with. */
async function refused(url: string | URL, options: ConnectionOptions): Promise<string> {
  return (await assertRejects(() => openConnection(new URL(url), options), Error)).message;
}

for (const url of ["file:///a", "data:,a", "blob:https://x/y", "ftp://x/y", "ws://x/y"]) {
  Deno.test(`openConnection() refuses ${url} before it looks anything up`, async () => {
    const { lookup, calls } = lookupOf(["127.0.0.1"]);
    assert((await refused(url, { ...PRIVATE, lookup })).includes("expected https"));
    assertEquals(calls(), 0);
  });
}

Deno.test("openConnection() refuses http unless private sources are allowed, and then at public addresses", async () => {
  const { lookup, calls } = lookupOf(["8.8.8.8"]);
  assertEquals(
    await refused("http://models.example/a", { ...STRICT, lookup }),
    "its protocol is http, expected https; SLUICE_PRIVATE_SOURCES=true allows http to private addresses",
  );
  assertEquals(calls(), 0);
  assertEquals(
    await refused("http://models.example/a", { ...PRIVATE, lookup }),
    "http is for private addresses only, expected https",
  );
});

const hosts = [
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "[::1]",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "100.64.0.1",
  "[fd12::1]",
];
for (const host of hosts) {
  Deno.test(`openConnection() refuses https://${host}, which is private`, async () => {
    const message = await refused(`https://${host}/a`, STRICT);
    assert(
      message.endsWith(
        " is at a private address, expected a public one; SLUICE_PRIVATE_SOURCES=true allows it",
      ),
      message,
    );
  });
}

for (const host of ["169.254.169.254", "[fe80::1]", "224.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]"]) {
  Deno.test(`openConnection() refuses https://${host}, whatever is allowed`, async () => {
    for (const options of [STRICT, PRIVATE]) {
      assert((await refused(`https://${host}/a`, options)).includes("is at no address that"));
    }
  });
}

Deno.test("openConnection() refuses a name whose addresses are not public, without showing them", async () => {
  const { lookup } = lookupOf(["10.11.12.13", "fd12::1", "169.254.169.254"]);
  const message = await refused("https://models.example/a", { ...STRICT, lookup });
  assertEquals(
    message,
    "models.example is at a private address, expected a public one; SLUICE_PRIVATE_SOURCES=true allows it",
  );
});

Deno.test("openConnection() never connects to a private address of a name", async () => {
  await using server = startRawServer(() => Promise.resolve());
  const port = server.url("/").port;
  const url = `https://models.example:${port}/a`;
  const others = fc.constantFrom("10.0.0.1", "::1", "127.0.0.1", "fe80::1", "0.0.0.0", "localhost");
  await fc.assert(
    fc.asyncProperty(fc.array(others, { maxLength: 4 }), async (addresses) => {
      const { lookup } = lookupOf([...addresses, "127.0.0.1"]);
      await refused(url, { ...STRICT, lookup });
    }),
    { numRuns: 30 },
  );
  assertEquals(server.requests, []);
});

Deno.test("openConnection() looks a name up once, so that it cannot mean another address later", async () => {
  await using server = startRawServer(() => Promise.resolve());
  const { lookup, calls } = lookupOf(["192.0.2.1", "8.8.8.8"], ["127.0.0.1"]);
  // Tests may connect to this machine only: that it is refused shows where it would have gone.
  const message = await refused(`https://models.example:${server.url("/").port}/a`, {
    ...STRICT,
    lookup,
  });
  assert(message.includes('"8.8.8.8:'), message);
  assertEquals([calls(), server.requests.length], [1, 0]);
});

Deno.test("openConnection() tries the next address of a name", async () => {
  await using server = startRawServer(() => Promise.resolve());
  const { lookup } = lookupOf(["127.0.0.2", "127.0.0.1"]);
  const connection = await openConnection(
    new URL(`http://models.example:${server.url("/").port}`),
    { ...PRIVATE, lookup },
  );
  closeConnection(connection);
  closeConnection(connection);
});

Deno.test("openConnection() checks the certificate against the name, not against the address", async () => {
  const { cert, key } = certificateOf("models.example");
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} },
    () => new Response("model"),
  );
  const { lookup } = lookupOf(["127.0.0.1"]);
  const at = (host: string) => new URL(`https://${host}:${server.addr.port}/a`);
  const trusting = { ...PRIVATE, lookup, caCerts: [cert] };
  closeConnection(await openConnection(at("models.example"), trusting));
  for (const host of ["other.example", "127.0.0.1"]) {
    assert((await refused(at(host), trusting)).includes("invalid peer certificate"));
  }
  const message = await refused(at("models.example"), { ...PRIVATE, lookup });
  assert(message.includes("invalid peer certificate"), message);
  await server.shutdown();
});

Deno.test("openConnection() closes what it has opened when it is told to", async () => {
  const stop = new AbortController();
  let closed = Promise.resolve<unknown>(undefined);
  await using server = startRawServer((_, send) => {
    closed = (async () => {
      while (await send("x")) await new Promise((resolve) => setTimeout(resolve, 1));
    })();
    return closed;
  });
  const connection = await openConnection(server.url("/"), { ...PRIVATE, signal: stop.signal });
  await connection.write(Uint8Array.of(1));
  stop.abort();
  await assertRejects(() => connection.read(new Uint8Array(1)), Deno.errors.BadResource);
  await closed;
});
