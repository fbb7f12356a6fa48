import { assertEquals, assertRejects } from "@std/assert";
import type { Backend, Session } from "../../base/backend.ts";
import type { GpuProbe } from "./webgpu_probe.ts";
import { WebGpuBackend } from "./webgpu.ts";

const GPU: GpuProbe = { adapter: "Test GPU", software: false };
const session: Omit<Session, "served"> = {
  inputs: [],
  outputs: [],
  run: () => Promise.resolve({}),
  release: () => Promise.resolve(),
};

/** Loads everything but empty files. */
const fallback: Backend = {
  name: "wasm",
  load: ({ length }) =>
    length > 0
      ? Promise.resolve({ served: { backend: "wasm" }, ...session })
      : Promise.reject(new Error("wasm: no model")),
};

/** A backend on a GPU that opens only models of one byte. */
function backendOf(probe: GpuProbe) {
  const log: string[] = [];
  const backend = new WebGpuBackend({
    fallback,
    probe: () => Promise.resolve(probe).finally(() => log.push("probe")),
    runtime: {
      open: ({ length }) => {
        log.push("open");
        return length === 1
          ? Promise.resolve(session)
          : Promise.reject(new Error("too many bytes\n at line 7"));
      },
    },
  });
  return { backend, log };
}

const served = async (backend: Backend, bytes: number) =>
  (await backend.load(new Uint8Array(bytes))).served;

Deno.test("WebGpuBackend runs models on the GPU, which it looks for once", async () => {
  const { backend, log } = backendOf(GPU);
  assertEquals(await served(backend, 1), { backend: "webgpu" });
  assertEquals(await served(backend, 1), { backend: "webgpu" });
  assertEquals(log, ["probe", "open", "open"]);
});

Deno.test("WebGpuBackend asks nothing of ONNX Runtime without a GPU, and says why", async () => {
  const { backend, log } = backendOf({ reason: "no adapter was found" });
  const reason = "webgpu: no adapter was found";
  assertEquals(await served(backend, 1), { backend: "wasm", reason });
  assertEquals(log, ["probe"]);
});

Deno.test("WebGpuBackend gives a model to the fallback that the GPU cannot run, and goes on", async () => {
  const { backend } = backendOf(GPU);
  assertEquals(await served(backend, 2), { backend: "wasm", reason: "webgpu: too many bytes" });
  assertEquals(await served(backend, 1), { backend: "webgpu" });
});

Deno.test("WebGpuBackend fails as the fallback does when neither can load a model", async () => {
  for (const probe of [GPU, { reason: "no adapter was found" }]) {
    const { backend } = backendOf(probe);
    await assertRejects(() => backend.load(new Uint8Array(0)), Error, "wasm: no model");
  }
});
