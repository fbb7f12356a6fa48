import { assert, assertEquals, assertRejects } from "@std/assert";
import { certificateOf } from "../../tests/harness/generators/certificates.ts";
import { startHttpServer } from "../../tests/harness/http/http_server.ts";
import { startRawServer } from "../../tests/harness/http/raw_server.ts";
import { downloadModel, type DownloadOptions, WrongHashError } from "./download_model.ts";
import { hashOf } from "./model_cache.ts";

const MODEL = Uint8Array.from({ length: 3000 }, (_, at) => at % 256);
const WANTED = { sha256: hashOf(MODEL), privateSources: true, maxBytes: 3000 };

/** What a download is refused with. */
async function refused(url: URL, options: DownloadOptions = WANTED): Promise<string> {
  return (await assertRejects(() => downloadModel(url, options), Error)).message;
}

/** Answers every request by its path: a body, a response, or where to go instead. */
function modelHost(paths: Readonly<Record<string, string | Uint8Array<ArrayBuffer> | Response>>) {
  const requests: { readonly authorization: string | null }[] = [];
  const server = startHttpServer((request) => {
    requests.push({ authorization: request.headers.get("authorization") });
    const { pathname, search } = new URL(request.url);
    const found = paths[pathname + search];
    if (found === undefined) return new Response("no such page", { status: 404 });
    if (found instanceof Response) return found.clone();
    if (typeof found !== "string") return new Response(found);
    return new Response("<p>elsewhere", { status: 302, headers: { location: found } });
  });
  return {
    url: (path: string) => new URL(path, server.address),
    requests,
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

Deno.test("downloadModel() gives a model of the size that is allowed, and tells how far it is", async () => {
  await using host = modelHost({ "/a": MODEL });
  const told: [number, number | undefined][] = [];
  const onProgress = (bytes: number, announced?: number) => void told.push([bytes, announced]);
  assertEquals(await downloadModel(host.url("/a"), { ...WANTED, onProgress }), MODEL);
  assertEquals(told.at(-1), [3000, 3000]);
});

Deno.test("downloadModel() refuses http and private addresses unless they are allowed", async () => {
  await using host = modelHost({ "/a": MODEL });
  const { sha256 } = WANTED;
  assert((await refused(host.url("/a"), { sha256 })).startsWith("its protocol is http"));
  const url = new URL(`https://127.0.0.1:${host.url("/").port}/a`);
  assert((await refused(url, { sha256 })).startsWith("127.0.0.1 is at a private address"));
  assertEquals(host.requests.length, 0);
});

Deno.test("downloadModel() gives both hashes where they differ", async () => {
  await using host = modelHost({ "/a": MODEL.subarray(1) });
  const error = await assertRejects(() => downloadModel(host.url("/a"), WANTED), WrongHashError);
  assertEquals(error.actual, hashOf(MODEL.subarray(1)));
});

Deno.test("downloadModel() follows five redirects and no more", async () => {
  await using host = modelHost({
    "/0": "/1",
    "/1": "2",
    "/2": "/3?x=1",
    "/3?x=1": "/4",
    "/4": "/5",
    "/5": MODEL,
  });
  assertEquals(await downloadModel(host.url("/0"), WANTED), MODEL);
  assertEquals(host.requests.length, 6);
  await using longer = modelHost({ "/": "/" });
  assertEquals(await refused(longer.url("/")), "it is redirected more than 5 times");
  assertEquals(longer.requests.length, 6);
});

for (
  const [target, reason] of [
    ["file:///etc/passwd", "redirected to a file: URL: its protocol is file, expected https"],
    ["data:,model", "redirected to a data: URL: its protocol is data, expected https"],
    ["blob:https://x/y", "redirected to a blob: URL: its protocol is blob, expected https"],
    ["ftp://x.example/y", "redirected to ftp://x.example: its protocol is ftp, expected https"],
    ["https://169.254.169.254/latest", "redirected to https://169.254.169.254: 169.254.169.254 is"],
    ["http://8.8.8.8/secret", "redirected to http://8.8.8.8: http is for private addresses only"],
    ["http://[", "status 302 without a Location that is a URL"],
  ] as const
) {
  Deno.test(`downloadModel() refuses a redirect to ${target}`, async () => {
    await using host = modelHost({ "/a": target });
    const message = await refused(host.url("/a"));
    assert(message.startsWith(reason), message);
  });
}

Deno.test("downloadModel() reads over https, and looks the name of every hop up", async () => {
  const { cert, key } = certificateOf("models.example");
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} },
    ({ url }) => {
      const { pathname, port } = new URL(url);
      const location = `https://metadata.example:${port}/`;
      if (pathname !== "/away") return new Response(MODEL);
      return new Response(null, { status: 307, headers: { location } });
    },
  );
  const url = new URL(`https://models.example:${server.addr.port}/a`);
  const lookup = (host: string) =>
    Promise.resolve([host === "models.example" ? "127.0.0.1" : "169.254.169.254"]);
  const options = { ...WANTED, lookup, caCerts: [cert] };
  assertEquals(await downloadModel(url, options), MODEL);
  url.pathname = "/away";
  const message = await refused(url, options);
  assert(message.includes("metadata.example is at no address that models are read"), message);
  await server.shutdown();
});

Deno.test("downloadModel() sends user and password to their origin only, and never shows them", async () => {
  await using other = modelHost({ "/a": MODEL });
  await using host = modelHost({ "/a": "/b", "/b": other.url("/a").href, "/gone": "/nowhere" });
  const url = host.url("/a");
  [url.username, url.password] = ["us er", "pässword"];
  await downloadModel(url, WANTED);
  const sent = host.requests.map(({ authorization }) => authorization);
  const expected = `Basic ${
    btoa(String.fromCharCode(...new TextEncoder().encode("us er:pässword")))
  }`;
  assertEquals(sent, [expected, expected]);
  assertEquals(other.requests, [{ authorization: null }]);
  url.pathname = "/gone";
  assertEquals(await refused(url), `redirected to ${url.origin}: status 404`);
});

Deno.test("downloadModel() refuses an announced size before it reads the body", async () => {
  await using server = startRawServer(async (_, send) => {
    await send("HTTP/1.1 200 OK\r\nContent-Length: 3001\r\n\r\n");
    while (await send(new Uint8Array(65_536)));
  });
  assertEquals(
    await refused(server.url("/")),
    "it is announced to have 3001 bytes, expected at most 3000 (SLUICE_MAX_MODEL_BYTES)",
  );
});

for (
  const [how, head, size] of [
    ["announces nothing", "HTTP/1.1 200 OK\r\n\r\n", ""],
    ["comes in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "10000\r\n"],
    [
      "announces less than its chunks hold",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "10000\r\n",
    ],
  ] as const
) {
  Deno.test(`downloadModel() cuts off an endless body that ${how}`, async () => {
    const piece = new TextEncoder().encode(`${size}${"x".repeat(65_536)}${size && "\r\n"}`);
    await using server = startRawServer(async (_, send) => {
      await send(head);
      while (await send(piece));
    });
    const maxBytes = 3_000_000;
    let most = 0;
    const onProgress = (bytes: number) => most = Math.max(most, bytes);
    assertEquals(
      await refused(server.url("/"), { ...WANTED, maxBytes, onProgress }),
      "it has more than 3000000 bytes (SLUICE_MAX_MODEL_BYTES)",
    );
    assert(most > maxBytes - 65_536 && most <= maxBytes, `${most} bytes held`);
  });
}

Deno.test("downloadModel() cuts off a body that trickles, and one that never begins", async () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
  for (const head of ["HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n", "", "HTTP/1.1 200"]) {
    await using server = startRawServer(async (_, send) => {
      let isOpen = await send(head);
      // Without a head nothing more comes until the other side has closed.
      while (isOpen) {
        await pause();
        isOpen = await send(head.endsWith("\n") ? "x" : " ");
      }
    });
    assertEquals(
      await refused(server.url("/"), { ...WANTED, timeoutMs: 100 }),
      "it took more than 0.1 s",
    );
  }
});

Deno.test("downloadModel() does not wait for a handshake that never comes", async () => {
  const ended = Promise.withResolvers<void>();
  await using server = startRawServer(() => ended.promise);
  const url = new URL(`https://127.0.0.1:${server.url("/").port}/a`);
  assertEquals(await refused(url, { ...WANTED, timeoutMs: 100 }), "it took more than 0.1 s");
  ended.resolve();
});

Deno.test("downloadModel() does not wait for a name that is never found", async () => {
  const lookup = () => new Promise<string[]>(() => {});
  const url = new URL("https://models.example/a");
  assertEquals(
    await refused(url, { ...WANTED, lookup, timeoutMs: 10 }),
    "it took more than 0.01 s",
  );
});

Deno.test("downloadModel() refuses errors and what is compressed, and shows nothing of the answer", async () => {
  const compressed = new Response("secret", { headers: { "content-encoding": "gzip" } });
  await using host = modelHost({ "/gzip": compressed });
  assertEquals(await refused(host.url("/gzip")), "it is compressed, expected the file as it is");
  assertEquals(await refused(host.url("/gone")), "status 404");
});
