import { assert, assertEquals, assertRejects } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { InvalidInputError, NodeUnavailableError, PluginError } from "../base/errors.ts";
import { WorkerClient, WorkerCrashError } from "./client.ts";
import type { RunRequest } from "./requests.ts";
import { FakeWorker } from "../../tests/harness/fakes/fake_worker.ts";

function connect(onCrash: (reason: string) => void = () => {}) {
  const worker = new FakeWorker();
  return { worker, client: new WorkerClient(worker, onCrash) };
}

function requestOf(data: Float32Array): RunRequest {
  return { pair: "p", policy: { always: "a" }, input: { kind: "tensor", data, count: 1 } };
}

Deno.test("call() sends the method with its argument and gives the worker's answer", async () => {
  const { worker, client } = connect();
  const answer = client.call("measure", "clothes");
  assertEquals(worker.open.map(({ method, argument }) => [method, argument]), [
    ["measure", "clothes"],
  ]);
  worker.reply({ small: 1.5 });
  assertEquals(await answer, { small: 1.5 });
});

Deno.test("call() gives each call its own answer, whatever the order of the replies", async () => {
  const { worker, client } = connect();
  const answers = ["a", "b", "c"].map((name) => client.call("measure", name));
  for (const call of [...worker.open].reverse()) worker.reply({ [String(call.argument)]: 1 }, call);
  assertEquals(await Promise.all(answers), [{ a: 1 }, { b: 1 }, { c: 1 }]);
});

Deno.test("call() moves the buffers that it is told to move and no others", async () => {
  const { worker, client } = connect();
  const moved = Float32Array.of(1, 2);
  const copied = Float32Array.of(3);
  const answers = [
    client.call("run", requestOf(moved), [moved.buffer]),
    client.call("run", requestOf(copied)),
  ];
  assertEquals([moved.byteLength, copied.byteLength], [0, 4]);
  const inputs = worker.open.map(({ argument }) => (argument as RunRequest).input);
  assertEquals(inputs.map((input) => input.kind === "tensor" && [...input.data]), [[1, 2], [3]]);
  for (const _ of answers) worker.reply({ items: [], decodeMs: 0 });
  await Promise.all(answers);
});

Deno.test("call() rejects with the error of the engine, of its class", async () => {
  const { worker, client } = connect();
  const failures = [
    [new PluginError("models.a.source", "is bad"), PluginError],
    [new InvalidInputError("image", "is bad"), InvalidInputError],
    [new NodeUnavailableError("a", "is away"), NodeUnavailableError],
    [new Error("is bad"), Error],
  ] as const;
  for (const [error, expected] of failures) {
    const answer = client.call("unload", "clothes");
    worker.fail(error);
    await assertRejects(() => answer, expected, error.message);
  }
});

Deno.test("call() rejects what cannot be sent and goes on", async () => {
  const { worker, client } = connect();
  const data = Float32Array.of(1);
  data.buffer.transfer();
  await assertRejects(() => client.call("run", requestOf(data), [data.buffer]), Error);
  const answer = client.call("unload", "clothes");
  worker.reply(undefined);
  assertEquals(await answer, undefined);
});

Deno.test("WorkerClient rejects all calls when its worker crashes, then tells", async () => {
  const onCrash = spy();
  const { worker, client } = connect(onCrash);
  const answers = [client.call("measure", "a"), client.call("measure", "b")];
  worker.crash("out of memory");
  assertEquals(onCrash.calls.map(({ args }) => args), [["out of memory"]]);
  for (const answer of answers) {
    await assertRejects(() => answer, WorkerCrashError, "its worker crashed (out of memory)");
  }
  assert(worker.terminated);
});

Deno.test("WorkerClient keeps the error of its worker from ending the server", () => {
  const { worker } = connect();
  assert(worker.crash("out of memory").defaultPrevented);
});

Deno.test("WorkerClient takes nothing from a worker that has crashed", async () => {
  const onCrash = spy();
  const { worker, client } = connect(onCrash);
  worker.crash("first");
  worker.crash("second");
  assertEquals(onCrash.calls.map(({ args }) => args), [["first"]]);
  await assertRejects(() => client.call("measure", "a"), WorkerCrashError, "(first)");
  assertEquals(worker.log, []);
});

Deno.test("close() ends the worker, rejects its calls and is no crash", async () => {
  const onCrash = spy();
  const { worker, client } = connect(onCrash);
  const answer = client.call("measure", "a");
  client.close();
  worker.crash("late");
  assert(worker.terminated);
  assertSpyCalls(onCrash, 0);
  await assertRejects(() => answer, WorkerCrashError, "(closed)");
  await assertRejects(() => client.call("measure", "b"), WorkerCrashError, "(closed)");
});

Deno.test("call() tells each call when it begins to wait and when that is over", async () => {
  const { worker, client } = connect();
  const told: string[] = [];
  const calls = ["a", "b"].map((name) => {
    const onWait = (waiting: boolean) => told.push(`${name} ${waiting}`);
    return client.call("run", { ...requestOf(Float32Array.of(1)), pair: name }, [], onWait);
  });
  const [a, b] = worker.open;
  worker.wait(true, b);
  worker.wait(true, a);
  worker.wait(false, b);
  worker.reply({ items: [], decodeMs: 2 }, b);
  assertEquals(await calls[1], { items: [], decodeMs: 2 });
  worker.wait(false, a);
  worker.reply({ items: [], decodeMs: 1 }, a);
  assertEquals(await calls[0], { items: [], decodeMs: 1 });
  assertEquals(told, ["b true", "a true", "b false", "a false"]);
});

Deno.test("call() that nobody asks about may wait as well", async () => {
  const { worker, client } = connect();
  const answer = client.call("measure", "clothes");
  worker.wait(true);
  worker.wait(false);
  worker.reply({ small: 1 });
  assertEquals(await answer, { small: 1 });
});

Deno.test("WorkerClient tells a call nothing after its reply or the end of its worker", async () => {
  const { worker, client } = connect();
  const onWait = spy();
  const ask = () => client.call("run", requestOf(Float32Array.of(1)), [], onWait);
  const answered = ask();
  const [call] = worker.open;
  worker.reply({ items: [], decodeMs: 0 });
  await answered;
  worker.wait(true, call);
  const crashed = ask();
  const [lost] = worker.open;
  worker.crash("boom");
  worker.wait(true, lost);
  await assertRejects(() => crashed, WorkerCrashError);
  assertSpyCalls(onWait, 0);
});
