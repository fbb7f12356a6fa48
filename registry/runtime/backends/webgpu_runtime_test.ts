import { assert, assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { settle } from "../../../tests/harness/wait/settle.ts";
import type { Tensor } from "../../base/tensor.ts";
import type { OrtModule } from "./ort.ts";
import { WebGpuRuntime } from "./webgpu_runtime.ts";

type Lost = Pick<GPUDeviceLostInfo, "reason" | "message">;
type Size = number | string;

/** ONNX Runtime Web in its worst mood: it breaks for good as soon as calls overlap or the device is lost. */
class FakeOrt {
  readonly log: string[] = [];
  readonly Tensor = class {
    constructor(_type: string, readonly data: Float32Array, readonly dims: readonly number[]) {}
  };
  /** What the model's only input is. */
  input: { type: string; shape: readonly Size[] } = { type: "float32", shape: ["batch", 2] };
  /** What becomes of the next runs; they echo their input when there is nothing left. */
  readonly next: (() => Promise<never>)[] = [];
  #busy = false;
  #sessions = 0;
  #lose: (info: Lost) => void = () => {};
  #device: { readonly lost: Promise<Lost> } | undefined;

  readonly env = {
    wasm: { wasmBinary: new ArrayBuffer(1) },
    webgpu: Object.defineProperty({}, "device", { get: () => Promise.resolve(this.#device) }),
  };

  readonly InferenceSession = {
    create: (model: Uint8Array) =>
      this.#alone(`create ${model[0]}`, () => {
        if (model[0] === 0) throw new Error("no model");
        if (this.#sessions++ === 0) this.#renew();
        return this.#session(model[0] ?? 0);
      }),
  };

  /** Loses the device. */
  lose(info: Lost): void {
    this.#lose(info);
  }

  #renew(): void {
    const { promise, resolve } = Promise.withResolvers<Lost>();
    [this.#device, this.#lose] = [{ lost: promise }, resolve];
  }

  #session(id: number) {
    return {
      inputMetadata: [{ name: "x", isTensor: true, ...this.input }],
      outputMetadata: [],
      run: ({ x }: { x: { data: Float32Array; dims: number[] } }) =>
        this.#alone(`run ${id} ${x.dims}`, () => this.next.shift()?.() ?? { y: x }),
      release: () =>
        this.#alone(`release ${id}`, () => {
          // As the runtime does, which destroys its device with the last session.
          if (--this.#sessions === 0) this.#lose({ reason: "destroyed", message: "" });
        }),
    };
  }

  async #alone<T>(what: string, task: () => T): Promise<Awaited<T>> {
    assert(!this.#busy, `${what} overlaps another call`);
    this.#busy = true;
    this.log.push(what);
    await Promise.resolve();
    try {
      return await task();
    } finally {
      this.#busy = false;
    }
  }
}

function runtimeOf(limitMs?: number) {
  const ort = new FakeOrt();
  const lost: string[] = [];
  const runtime = new WebGpuRuntime({
    start: () => Promise.resolve(ort as unknown as OrtModule),
    onLost: ({ message }) => lost.push(message),
    ...(limitMs !== undefined && { limitMs }),
  });
  return { ort, runtime, lost };
}

const model = (id: number) => Uint8Array.of(id);
const feeds = (value: number): Record<string, Tensor> => ({
  x: { datatype: "FP32", shape: [1, 2], data: Float32Array.of(value, value) },
});

Deno.test("WebGpuRuntime lets one call through at a time: opening, running, releasing", async () => {
  const { runtime, lost } = runtimeOf();
  const session = await runtime.open(model(1));
  const answers = await Promise.all(Array.from({ length: 20 }, async (_, index) => {
    if (index % 5 === 0) await (await runtime.open(model(2))).release();
    return (await session.run(feeds(index)))["y"]?.data[0];
  }));
  assertEquals(answers, Array.from({ length: 20 }, (_, index) => index));
  await session.release();
  assertEquals(lost, []);
});

Deno.test("open() runs a model once whose shapes are known but for the batch", async () => {
  const { ort, runtime } = runtimeOf();
  await runtime.open(model(1));
  ort.input = { type: "float32", shape: ["batch", "height"] };
  await runtime.open(model(2));
  ort.input = { type: "int64", shape: ["batch", 2] };
  await runtime.open(model(3));
  assertEquals(ort.log, ["create 1", "run 1 1,2", "create 2", "create 3"]);
});

Deno.test("open() rejects a model that cannot be loaded or run, frees it and goes on", async () => {
  const { ort, runtime, lost } = runtimeOf();
  const session = await runtime.open(model(1));
  await assertRejects(() => runtime.open(model(0)), Error, "no model");
  ort.next.push(() => Promise.reject(new Error("no such operator")));
  await assertRejects(() => runtime.open(model(2)), Error, "no such operator");
  assertEquals(ort.log.at(-1), "release 2");
  assert(await session.run(feeds(1)));
  assertEquals(lost, []);
});

Deno.test("open() tries again after a start that failed", async () => {
  const ort = new FakeOrt();
  let starts = 0;
  const start = () =>
    starts++ === 0 ? Promise.reject(new Error("no file")) : Promise.resolve(ort as never);
  const runtime = new WebGpuRuntime({ start });
  await assertRejects(() => runtime.open(model(1)), Error, "no file");
  assert(await runtime.open(model(1)));
});

Deno.test("a run that fails leaves the device to others", async () => {
  const { ort, runtime, lost } = runtimeOf();
  const session = await runtime.open(model(1));
  ort.next.push(() => Promise.reject(new Error("wrong shape")));
  await assertRejects(() => session.run(feeds(1)), Error, "wrong shape");
  assert(await session.run(feeds(1)));
  assertEquals(lost, []);
});

Deno.test("a lost device ends what runs and what waits, is told once and never called again", async () => {
  const { ort, runtime, lost } = runtimeOf();
  const session = await runtime.open(model(1));
  ort.next.push(() => new Promise(() => {}));
  const answers = [session.run(feeds(1)), session.run(feeds(2)), runtime.open(model(2))];
  await settle();
  ort.lose({ reason: "unknown" as GPUDeviceLostReason, message: "driver reset" });
  const error = "the device was lost (unknown: driver reset)";
  for (const answer of answers) await assertRejects(() => answer, Error, error);
  const calls = ort.log.length;
  await assertRejects(() => session.run(feeds(3)), Error, error);
  await session.release();
  assertEquals([ort.log.length, lost], [calls, [error]]);
});

Deno.test("a run that fails because the device is lost says so", async () => {
  const { ort, runtime } = runtimeOf();
  const session = await runtime.open(model(1));
  ort.next.push(() => {
    queueMicrotask(() => ort.lose({ reason: "destroyed", message: "gone" }));
    return Promise.reject(new Error("buffer is invalid"));
  });
  await assertRejects(() => session.run(feeds(1)), Error, "the device was lost (destroyed: gone)");
});

Deno.test("a device that goes with the last session is no loss", async () => {
  const { runtime, lost } = runtimeOf();
  for (let turn = 0; turn < 3; turn++) {
    const session = await runtime.open(model(1));
    assert(await session.run(feeds(1)));
    await session.release();
    await settle();
  }
  assertEquals(lost, []);
});

Deno.test("a run that takes too long counts as a lost device", async () => {
  const { ort, runtime, lost } = runtimeOf(60_000);
  const session = await runtime.open(model(1));
  ort.next.push(() => new Promise(() => {}));
  using time = new FakeTime();
  const answer = session.run(feeds(1));
  await settle();
  const message = "the GPU has not answered within 60 s";
  const rejected = assertRejects(() => answer, Error, message);
  time.next();
  await settle();
  time.next();
  await settle();
  await rejected;
  assertEquals(lost, [message]);
});

Deno.test("a first model that takes too long is no reason to end the worker", async () => {
  const { ort, runtime, lost } = runtimeOf(60_000);
  ort.next.push(() => new Promise(() => {}));
  using time = new FakeTime();
  const rejected = assertRejects(() => runtime.open(model(1)), Error, "within 60 s");
  await settle();
  time.next();
  await settle();
  time.next();
  await settle();
  await rejected;
  assertEquals([lost, ort.log], [[], ["create 1", "run 1 1,2"]]);
});
