import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type FakeOipServer,
  inferAnswer,
  startFakeOipServer,
} from "../../../../tests/harness/fakes/fake_oip_server.ts";
import type { Tensor } from "../../../base/tensor.ts";
import type { Session } from "../../../base/backend.ts";
import { RemoteError } from "./remote_error.ts";
import { RemoteSession } from "./remote_session.ts";

/** A model that doubles its input of two numbers. */
const DOUBLING: Session = {
  served: { backend: "wasm" },
  inputs: [{ name: "x", type: "float32", shape: ["batch", 2] }],
  outputs: [{ name: "logits", type: "float32", shape: ["batch", 2] }],
  run: ({ x }) =>
    Promise.resolve({
      logits: {
        datatype: "FP32",
        shape: x?.shape ?? [],
        data: (x as Tensor).data.map((v) => 2 * v),
      },
    }),
  release: () => Promise.resolve(),
};

const tensor = (...data: number[]): Tensor => ({
  datatype: "FP32",
  shape: [data.length / 2, 2],
  data: Float32Array.from(data),
});

const ONE = { x: tensor(1, 2) };

type Answer = (request: Request, usual: () => Promise<Response>) => Response | Promise<Response>;

interface Setting {
  readonly server: FakeOipServer;
  readonly session: RemoteSession;
}

/** Runs a test against a server that answers inference requests otherwise. */
async function withServer(
  infer: Answer,
  test: (setting: Setting) => Promise<void>,
  { binary = true, timeoutMs = 5000, token }: {
    binary?: boolean;
    timeoutMs?: number;
    token?: string;
  } = {},
): Promise<void> {
  await using server = startFakeOipServer({
    binary,
    answer: (request, usual) => request.method === "POST" ? infer(request, usual) : usual(),
  });
  server.models.set("m", DOUBLING);
  const url = `${server.url}/v2/models/m`;
  const session = new RemoteSession({ url, timeoutMs, inputs: ["x"], reads: [] }, token);
  await session.describe();
  assertEquals(session.away, undefined);
  await test({ server, session });
}

const usually: Answer = (_, usual) => usual();

for (const binary of [true, false]) {
  Deno.test(`RemoteSession asks in ${binary ? "binary" : "JSON"} where the server takes it, batches too`, async () => {
    await withServer(usually, async ({ server, session }) => {
      const { logits } = await session.run({ x: tensor(1, 2, 3, 4) });
      assertEquals(logits, tensor(2, 4, 6, 8));
      const type = binary ? "application/octet-stream" : "application/json";
      assertEquals(server.log, ["GET /v2/models/m", "GET /v2", `POST /v2/models/m/infer ${type}`]);
    }, { binary });
  });
}

/** What a server may answer, and what is said of it. */
const FAULTS: [what: string, answer: Answer, message: string][] = [
  ["503", () => new Response("busy", { status: 503 }), "status 503"],
  [
    "500 with an error of the protocol",
    () => Response.json({ error: "out of memory" }, { status: 500 }),
    "status 500: out of memory",
  ],
  ["400", () => Response.json({ error: "no such input" }, { status: 400 }), "no such input"],
  ["a redirect", () => Response.redirect("http://127.0.0.1:1/v2"), "the connection failed"],
  ["what is not JSON", () => new Response("<html>"), "the answer is not JSON"],
  ["JSON without outputs", () => Response.json({}), "no usable outputs"],
  [
    "another output",
    () => inferAnswer("m", [["other", tensor(1, 2)]], true),
    "the answer has no output logits",
  ],
  [
    "another shape",
    () => inferAnswer("m", [["logits", { ...tensor(1, 2, 3), shape: [1, 3] }]], true),
    "logits is FP32 [1,3], expected FP32 [1,2]",
  ],
  [
    "more items than were sent",
    () => inferAnswer("m", [["logits", tensor(1, 2, 3, 4)]], false),
    "expected FP32 [1,2]",
  ],
  [
    "numbers that are not finite",
    () => inferAnswer("m", [["logits", tensor(NaN, 2)]], true),
    "logits is not of finite numbers",
  ],
  [
    "fewer bytes than it announces",
    async () => {
      const whole = await inferAnswer("m", [["logits", tensor(1, 2)]], true).bytes();
      return new Response(whole.slice(0, -4), {
        headers: { "inference-header-content-length": String(whole.length - 8) },
      });
    },
    "bytes, but announces",
  ],
  [
    "a wrong length of its JSON",
    () => new Response("{}", { headers: { "inference-header-content-length": "100" } }),
    "the answer's JSON is said to have 100 of 2 bytes",
  ],
  [
    "an answer that does not end",
    () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(16_384)),
        }),
      ),
    "the answer is longer than",
  ],
  [
    "an answer that breaks off",
    () =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode('{"outputs": ['));
            setTimeout(() => controller.error(new Error("gone")), 20);
          },
        }),
      ),
    "the connection failed",
  ],
];

for (const [what, answer, message] of FAULTS) {
  Deno.test(`RemoteSession fails with words for ${what}, and goes on`, async () => {
    let broken = true;
    await withServer(
      (request, usual) => broken ? answer(request, usual) : usual(),
      async (setting) => {
        const { server, session } = setting;
        await assertRejects(() => session.run(ONE), RemoteError, message);
        // What has been sent is not sent again.
        assertEquals(server.log.filter((line) => line.startsWith("POST")).length, 1);
        broken = false;
        assertEquals((await session.run(ONE)).logits, tensor(2, 4));
      },
    );
  });
}

Deno.test("RemoteSession gives up after its time", async () => {
  const slow = Promise.withResolvers<void>();
  await withServer(async (_, usual) => {
    await slow.promise;
    return await usual();
  }, async ({ session }) => {
    await assertRejects(() => session.run(ONE), RemoteError, "no answer within 100 ms");
    slow.resolve();
  }, { timeoutMs: 100 });
});

Deno.test("RemoteSession sends its token, and shows it to nobody", async () => {
  const seen: (string | null)[] = [];
  const echo: Answer = (request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json({ error: `who is ${seen[0]}?` }, { status: 500 });
  };
  await withServer(echo, async ({ session }) => {
    const error = await assertRejects(
      () => session.run(ONE),
      RemoteError,
      "who is Bearer [token]?",
    );
    assertEquals(seen, ["Bearer s3cret"]);
    assert(!error.message.includes("s3cret"));
  }, { token: "s3cret" });
});

Deno.test("RemoteSession leaves a server in trouble alone, and comes back by itself", async () => {
  let broken = true;
  await withServer(
    (_, usual) => broken ? new Response("", { status: 500 }) : usual(),
    async (setting) => {
      const { server, session } = setting;
      const asked = () => server.log.filter((line) => line.startsWith("POST")).length;
      for (let count = 0; count < 3; count++) {
        await assertRejects(
          () => session.run(ONE),
          RemoteError,
        );
      }
      assertEquals(asked(), 3);
      for (let count = 0; count < 5; count++) {
        await assertRejects(
          () => session.run(ONE),
          RemoteError,
          "not asked after failures, the latest",
        );
      }
      assertEquals(asked(), 3);
      broken = false;
      const give = performance.now() + 10_000;
      let answer: Record<string, Tensor> | void;
      do {
        answer = await session.run(ONE).catch(() => {
          return new Promise<void>((go) => setTimeout(go, 50));
        });
      } while (!answer && performance.now() < give);
      assertEquals(answer && answer.logits, tensor(2, 4));
    },
  );
});

Deno.test("RemoteSession does not count what the server refuses of a request as trouble", async () => {
  await withServer(() => new Response("", { status: 422 }), async ({ server, session }) => {
    for (let count = 0; count < 6; count++) {
      const error = await assertRejects(() => session.run(ONE), RemoteError);
      assertEquals(error.failure, "refused");
    }
    assertEquals(server.log.filter((line) => line.startsWith("POST")).length, 6);
  });
});

Deno.test("RemoteSession is away while its server is, and tries once more what was not sent", async () => {
  const server = startFakeOipServer();
  await server[Symbol.asyncDispose]();
  const url = `${server.url}/v2/models/m`;
  const session = new RemoteSession({ url, timeoutMs: 1000, inputs: ["x"], reads: [] }, undefined);
  await session.describe();
  assert(session.away?.startsWith("cannot connect"), session.away);
  const error = await assertRejects(() => session.run(ONE), RemoteError);
  assert(!error.message.includes(new URL(server.url).port), error.message);
});
