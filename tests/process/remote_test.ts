/** Two real servers: one has the small networks, the other the large one, as docs/remote.md shows it. */
import { assert, assertEquals } from "@std/assert";
import { Contract } from "../harness/app/openapi_contract.ts";
import { shippedPlugin } from "../harness/files/plugins.ts";
import { startMain } from "../harness/process/server_process.ts";
import { Scrape } from "../harness/app/scrape.ts";
import { makeFolder } from "../harness/files/folders.ts";
import { readLivePolicy } from "../harness/files/live_policies.ts";
import { until } from "../harness/wait/until.ts";
import { postImage } from "../harness/http/requests.ts";
import { readSamples } from "../harness/files/samples.ts";

/** Never exits early for many images, so that the large network is asked often. */
const AT_POINT = { "sluice-operating-point": "p2" };

interface Answer {
  readonly status: number;
  readonly degraded: string | null;
  readonly body: {
    readonly predictions: readonly { readonly label: string; readonly probability: number }[];
    readonly route: {
      readonly path: readonly string[];
      readonly exit: string;
      readonly degraded?: { readonly node: string; readonly reason: string };
    };
  };
}

const images = (await readSamples()).map(({ png }) => png);

async function classify(address: string, pair: string, index: number): Promise<Answer> {
  const image = images[index % images.length] as Uint8Array<ArrayBuffer>;
  const url = `${address}/v1/pairs/${pair}/classify`;
  const response = await fetch(url, postImage(image, AT_POINT));
  const degraded = response.headers.get("sluice-degraded");
  return { status: response.status, degraded, body: await response.json() };
}

/** A folder of plugins with a pair whose large network is elsewhere, and a folder with its policy. */
async function writeEdge(folder: URL, cloud: string): Promise<void> {
  const own = shippedPlugin("fashion-mnist");
  const { default: pair } = await import(new URL("pair.ts", own).href);
  const local = (node: string) => ({
    ...pair.models[node],
    source: new URL(pair.models[node].source, own).href,
  });
  const spec = {
    ...pair,
    name: "edge",
    models: {
      small: local("small"),
      medium: local("medium"),
      large: {
        backend: "remote",
        source: `${cloud}/v2/models/fashion-mnist`,
        // The network is the same, so the policy that was learned with it holds.
        sha256: pair.models.large.sha256,
        inputs: { image: "image" },
        remote: { parameters: { policy: "always:large" }, timeoutMs: 20_000 },
      },
    },
  };
  await Deno.mkdir(new URL("plugins/edge", folder), { recursive: true });
  await Deno.writeTextFile(
    new URL("plugins/edge/pair.ts", folder),
    `export default ${JSON.stringify(spec)};`,
  );
  await Deno.mkdir(new URL("policies", folder));
  const policy = { ...await readLivePolicy("fashion-mnist"), pair: "edge" };
  await Deno.writeTextFile(new URL("policies/edge.json", folder), JSON.stringify(policy));
}

Deno.test("a pair whose large network is elsewhere answers as the whole one, and without it when it is away", async (t) => {
  await using folder = await makeFolder();
  let cloud = await startMain({ SLUICE_STORE: "memory" });
  try {
    const { port } = new URL(cloud.address);
    await writeEdge(folder.url, cloud.address);
    await using edge = await startMain({
      SLUICE_PLUGINS: new URL("plugins", folder.url).pathname,
      SLUICE_POLICIES: new URL("policies", folder.url).pathname,
      SLUICE_STORE: "memory",
      SLUICE_SHADOW: "0",
    });
    const ask = (index: number) => classify(edge.address, "edge", index);

    await t.step("the same answers by the same ways", async () => {
      let asked = 0;
      for (const index of images.keys()) {
        const [expected, actual] = [
          await classify(cloud.address, "fashion-mnist", index),
          await ask(index),
        ];
        assertEquals([actual.status, actual.degraded], [200, null]);
        assertEquals(actual.body.route.path, expected.body.route.path);
        assertEquals(actual.body.predictions, expected.body.predictions);
        asked += Number(actual.body.route.exit === "large");
      }
      assert(asked > 10, `${asked} were answered by the large network`);
      const pair = await (await fetch(`${edge.address}/v1/pairs/edge`)).json();
      assertEquals(pair.models.large.backend, "remote");
      assertEquals(pair.policy.certified, true);
    });

    await t.step("every answer, marked, when the other server is killed under load", async () => {
      const answers: Answer[] = [];
      let stop = false;
      const loops = Array.from({ length: 8 }, async (_, loop) => {
        for (let index = loop; !stop; index += 8) answers.push(await ask(index));
      });
      await until("enough whole answers", () => answers.length > 100);
      await cloud.kill();
      const before = answers.length;
      await until("enough answers without it", () => {
        return answers.slice(before).filter((a) => a.degraded).length > 100;
      });
      stop = true;
      await Promise.all(loops);
      assertEquals([...new Set(answers.map(({ status }) => status))], [200]);
      for (const { degraded, body: { route, predictions } } of answers) {
        assertEquals(route.degraded?.node, degraded ?? undefined);
        assert(predictions.length > 0);
        if (!degraded) continue;
        assertEquals(degraded, "large");
        assert(["small", "medium"].includes(route.exit), route.exit);
      }
      const metrics = new Scrape(await (await fetch(`${edge.address}/metrics`)).text());
      const large = { pair: "edge", node: "large" };
      assertEquals(metrics.sum("sluice_node_available", large), 0);
      const degraded = answers.filter((answer) => answer.degraded).length;
      assertEquals(metrics.sum("sluice_degraded_total", large), degraded);
    });

    await t.step("as /openapi.json describes it", async () => {
      const get = (path: string) => fetch(edge.address + path);
      const contract = await Contract.of({ json: async (path) => (await get(path)).json() });
      for (const path of ["/v1/pairs/edge", "/v1/pairs/edge/report"]) {
        await contract.check("GET", path, await get(path));
      }
      const path = "/v1/pairs/edge/classify";
      let degraded = 0;
      for (const image of images) {
        const response = await fetch(edge.address + path, postImage(image, AT_POINT));
        degraded += Number(response.headers.has("sluice-degraded"));
        await contract.check("POST", path, response);
      }
      assert(degraded > 10, `${degraded} answers were degraded`);
    });

    await t.step("an error for who asks for the large network itself", async () => {
      const url = `${edge.address}/v1/pairs/edge/classify?policy=always:large`;
      const response = await fetch(url, postImage(images[0] as Uint8Array<ArrayBuffer>));
      assertEquals(response.status, 503);
      assert(response.headers.has("retry-after"));
      assertEquals((await response.json()).type, "urn:sluice:problem:node-unavailable");
    });

    await t.step("whole answers by itself when it is back", async () => {
      cloud = await startMain({ SLUICE_STORE: "memory", PORT: port });
      await until("a whole answer", async () => {
        const answers = await Promise.all([...images.keys()].map(ask));
        return answers.some(({ body }) => body.route.exit === "large");
      });
      const answers = await Promise.all([...images.keys()].map(ask));
      assertEquals(answers.filter(({ degraded }) => degraded !== null), []);
    });
  } finally {
    await cloud.kill();
  }
});
