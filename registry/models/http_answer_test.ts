import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { getHttp } from "./http_answer.ts";

const URL_OF_MODEL = new URL("http://user:secret@models.example:81/a b.onnx?x=1#part");

/** A connection that gives pieces, one a read, and then ends. */
function connectionOf(pieces: readonly (string | Uint8Array)[]) {
  const left = pieces.map((piece) =>
    typeof piece === "string" ? new TextEncoder().encode(piece) : piece
  );
  let written = "";
  let reads = 0;
  const connection = {
    read: (buffer: Uint8Array) => {
      reads++;
      const piece = left.shift();
      if (!piece) return Promise.resolve(null);
      const length = Math.min(piece.length, buffer.length);
      buffer.set(piece.subarray(0, length));
      if (length < piece.length) left.unshift(piece.subarray(length));
      return Promise.resolve(length);
    },
    // One byte at a time is allowed.
    write: (bytes: Uint8Array) => {
      written += String.fromCharCode(bytes[0]!);
      return Promise.resolve(1);
    },
  };
  return {
    connection: connection as unknown as Deno.Conn,
    written: () => written,
    reads: () => reads,
  };
}

/** The answer with its whole body. */
async function ask(pieces: readonly (string | Uint8Array)[]) {
  const { status, headers, announced, body } = await getHttp(
    connectionOf(pieces).connection,
    URL_OF_MODEL,
  );
  const bytes: number[] = [];
  for await (const part of body) bytes.push(...part);
  return { status, headers, announced, body: bytes };
}

/** What an answer is refused with. */
async function refused(...pieces: (string | Uint8Array)[]): Promise<string> {
  return (await assertRejects(() => ask(pieces), Error)).message;
}

Deno.test("getHttp() asks for path and query, without user and password", async () => {
  const { connection, written } = connectionOf(["HTTP/1.1 204 No Content\r\n\r\n"]);
  await getHttp(connection, URL_OF_MODEL, "Basic abc");
  assertEquals(written().split("\r\n"), [
    "GET /a%20b.onnx?x=1 HTTP/1.1",
    "Host: models.example:81",
    "User-Agent: Sluice",
    "Accept: */*",
    "Accept-Encoding: identity",
    "Connection: close",
    "Authorization: Basic abc",
    "",
    "",
  ]);
});

const FRAMINGS: Readonly<Record<string, (body: Uint8Array) => (string | Uint8Array)[]>> = {
  "Content-Length": (body) => [`Content-Length: ${body.length}\r\n\r\n`, body],
  "chunks": (body) => [
    "Transfer-Encoding: chunked\r\n\r\n",
    ...[body.subarray(0, 3), body.subarray(3)].filter(({ length }) => length > 0)
      .flatMap((part) => [`${part.length.toString(16)};x=y\r\n`, part, "\r\n"]),
    "0\r\nTrailer: 1\r\n\r\n",
  ],
  "the end of the connection": (body) => ["\r\n", body],
};

for (const [how, frame] of Object.entries(FRAMINGS)) {
  Deno.test(`getHttp() gives a body that ends with ${how}, however it comes`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 60 }),
        fc.boolean(),
        async (body, cuts, early) => {
          const encoder = new TextEncoder();
          const hints = early ? "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" : "";
          const whole = [`${hints}HTTP/1.1 200 OK\r\nETag: "1"\r\n`, ...frame(body)]
            .flatMap((part) => [...typeof part === "string" ? encoder.encode(part) : part]);
          const pieces: Uint8Array[] = [];
          for (const cut of cuts) pieces.push(Uint8Array.from(whole.splice(0, cut)));
          pieces.push(Uint8Array.from(whole));
          const answer = await ask(pieces.filter(({ length }) => length > 0));
          assertEquals(answer.body, [...body]);
          assertEquals([answer.status, answer.headers.get("etag")], [200, '"1"']);
        },
      ),
      { numRuns: 100 },
    );
  });
}

Deno.test("getHttp() reads no body before it is asked to", async () => {
  const { connection, reads } = connectionOf(["HTTP/1.1 200 OK\r\n\r\n", "body", "more"]);
  const { announced, body } = await getHttp(connection, URL_OF_MODEL);
  assertEquals([announced, reads()], [undefined, 1]);
  for await (const part of body) {
    assertEquals(new TextDecoder().decode(part), "body");
    break;
  }
  assertEquals(reads(), 2);
});

Deno.test("getHttp() gives what is announced, and only that", async () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\ncontent-length: 3\r\n\r\n";
  const { announced, body } = await ask([`${head}abcdefHTTP/1.1 200 OK\r\n\r\nanother`]);
  assertEquals([announced, body.length], [3, 3]);
});

Deno.test("getHttp() refuses a body that ends before what is announced", async () => {
  const early = "the answer ends before it is complete";
  assertEquals(await refused("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), early);
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  assertEquals(await refused(`${chunked}9\r\nabc`), early);
  assertEquals(await refused(`${chunked}3\r\nabc\r\n`), early);
  assertEquals(await refused("HTTP/1.1 200 OK\r\n"), early);
  assertEquals(await refused(), early);
});

for (const length of ["-1", "1e3", "0x10", "", "1.5", "many", "3, 4", "9".repeat(16)]) {
  Deno.test(`getHttp() refuses Content-Length: ${length}`, async () => {
    const message = await refused(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\nabc`);
    assertEquals(message, "the answer has a Content-Length that is not understood");
  });
}

Deno.test("getHttp() refuses two lengths, codings that it does not know, and headers that are none", async () => {
  const head = "HTTP/1.1 200 OK\r\n";
  assertEquals(
    await refused(`${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`),
    "the answer is not HTTP",
  );
  assertEquals(
    await refused(`${head}Transfer-Encoding: gzip, chunked\r\n\r\nabc`),
    "the answer has a Transfer-Encoding other than chunked",
  );
  assertEquals(
    await refused(`${head}A(b): c\r\n\r\nabc`),
    "a header of the answer is not HTTP",
  );
});

Deno.test("getHttp() shows nothing of an answer that is not HTTP", async () => {
  for (
    const text of ["secret", "secret\r\n\r\n", "SSH-2.0-secret\r\n", "\u0016\u0003\u0001secret\n"]
  ) {
    const message = await refused(text, "\n");
    assert(!message.includes("secret"), message);
  }
});

/** Each goes on for as long as somebody reads. */
const ENDLESS: Readonly<Record<string, string[]>> = {
  "an endless line": ["", "a"],
  "endless empty lines": ["", "\r\n"],
  "an endless header": ["HTTP/1.1 200 OK\r\nX: ", "a"],
  "endless headers": ["HTTP/1.1 200 OK\r\n", "A: b\r\n"],
  "endless announcements": ["", "HTTP/1.1 100 Continue\r\n\r\n"],
  "an endless size of a chunk": ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0"],
  "endless trailers": ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n"],
};

for (const [what, [begin = "", again = ""]] of Object.entries(ENDLESS)) {
  Deno.test(`getHttp() stops at ${what}`, async () => {
    const piece = again.repeat(10_000);
    const { connection, reads } = connectionOf([begin, ...Array(200).fill(piece)]);
    await assertRejects(
      async () => {
        const { body } = await getHttp(connection, URL_OF_MODEL);
        for await (const part of body) assertEquals(part.length, 0);
      },
      Error,
      "the answer",
    );
    assert(reads() < 20, `${reads()} reads`);
  });
}
