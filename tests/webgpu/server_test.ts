/** Pairs on WebGPU through the real server, with the flags of `deno task start`. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { BackendName, PairSpec } from "../../registry/mod.ts";
import { probeWebGpu } from "../../registry/runtime/mod.ts";
import { makePluginFolder, readShippedPair } from "../harness/files/plugins.ts";
import { readSamples } from "../harness/files/samples.ts";
import { type ServerProcess, startMain } from "../harness/process/server_process.ts";
import { postImage } from "../harness/http/requests.ts";

const gpu = await probeWebGpu();
const samples = (await readSamples()).slice(0, 32);

/** What hangs must fail. */
const PATIENCE_MS = 120_000;

interface Prediction {
  label: string;
  probability: number;
}

const renamed = async (
  name: string,
  from: string,
  backend: (node: string) => BackendName,
): Promise<PairSpec> => ({ ...await readShippedPair(from, backend), name });

/** The server with three plugins: both pairs that ship, on WebGPU, and one of mixed backends. */
async function start(env: Record<string, string> = {}) {
  const all = () => "webgpu" as const;
  const plugins = await makePluginFolder({
    one: await renamed("gpu", "fashion-mnist", all),
    two: await renamed("gpu-exits", "fashion-mnist-exits", all),
    three: await renamed("mixed", "fashion-mnist", (node) => node === "small" ? "wasm" : "webgpu"),
  });
  const SLUICE_PLUGINS = fileURLToPath(plugins.url);
  const server = await startMain({ SLUICE_PLUGINS, SLUICE_STORE: "memory", ...env });
  return {
    server,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await plugins[Symbol.asyncDispose]();
    },
  };
}

async function backendsOf({ address }: ServerProcess, pair: string) {
  const { models } = await (await fetch(`${address}/v1/pairs/${pair}`)).json();
  return Object.entries<{ backend: string; backend_reason?: string }>(models).map(
    ([node, { backend, backend_reason }]) => [node, backend, backend_reason],
  );
}

/** The answers to all samples at once. */
function classify({ address }: ServerProcess, pair: string, policy: string) {
  return Promise.all(samples.map(async ({ png }): Promise<Prediction[]> => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const url = `${address}/v1/pairs/${pair}/classify?policy=${policy}`;
    const response = await fetch(url, { ...postImage(png), signal });
    const body = await response.json();
    assertEquals(response.status, 200, JSON.stringify(body));
    return body.predictions;
  }));
}

async function assertSame(server: ServerProcess, pair: string, original: string, policy: string) {
  const expected = await classify(server, original, policy);
  const actual = await classify(server, pair, policy);
  actual.forEach((predictions, sample) => {
    const byLabel = new Map(
      expected[sample]?.map(({ label, probability }) => [label, probability]),
    );
    assertEquals(predictions[0]?.label, expected[sample]?.[0]?.label);
    for (const { label, probability } of predictions) {
      const other = byLabel.get(label);
      // The last of the five shown can be another where two are as unlikely.
      assertAlmostEquals(probability, other ?? expected[sample]?.at(-1)?.probability ?? NaN, 1e-3);
    }
  });
}

Deno.test({
  name: "WebGPU answers 32 requests at once as wasm does" +
    ("reason" in gpu ? ` (skipped: ${gpu.reason})` : ` on ${gpu.adapter}`),
  ignore: "reason" in gpu,
  fn: async () => {
    await using running = await start({ SLUICE_WORKERS: "2" });
    const { server } = running;
    const on = (backend: string, ...nodes: string[]) =>
      nodes.map((node) => [node, backend, undefined]);
    assertEquals(await backendsOf(server, "gpu"), on("webgpu", "small", "medium", "large"));
    assertEquals(await backendsOf(server, "gpu-exits"), on("webgpu", "stage1", "stage2", "stage3"));
    assertEquals(await backendsOf(server, "mixed"), [
      ...on("wasm", "small"),
      ...on("webgpu", "medium", "large"),
    ]);
    for (const node of ["small", "medium", "large"]) {
      await assertSame(server, "gpu", "fashion-mnist", `always:${node}`);
    }
    await assertSame(server, "gpu-exits", "fashion-mnist-exits", "always:stage3");
    await Promise.all(
      ["small", "large"].map((node) =>
        assertSame(server, "mixed", "fashion-mnist", `always:${node}`)
      ),
    );
  },
});

Deno.test("without WebGPU the same plugins serve on wasm and say why", async () => {
  // Deno's own variable: the graphics interfaces to look at.
  await using running = await start({ DENO_WEBGPU_BACKEND: "none" });
  const { server } = running;
  const reason = "lost" in GPUDevice.prototype
    ? "webgpu: no adapter was found"
    : "webgpu: WebGPU of this runtime cannot be used, that of Deno 2.8 or later can";
  const small = ["small", "wasm", undefined];
  const others = ["medium", "large"].map((node) => [node, "wasm", reason]);
  assertEquals(await backendsOf(server, "gpu"), [["small", "wasm", reason], ...others]);
  assertEquals(await backendsOf(server, "mixed"), [small, ...others]);
  assert(server.output().includes(`pair mixed: large runs on wasm (${reason})`), server.output());
  await assertSame(server, "gpu", "fashion-mnist", "always:large");
});
