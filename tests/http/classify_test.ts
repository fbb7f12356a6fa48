import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { postImage, postJson } from "../harness/http/requests.ts";
import { normalise, readReference, readSamples } from "../harness/files/samples.ts";
import { readLivePolicy } from "../harness/files/live_policies.ts";

const samples = await readSamples();
const [first] = samples;
assert(first);

interface Prediction {
  label: string;
  index: number;
  probability: number;
}

Deno.test("POST /v1/pairs/{pair}/classify", async (t) => {
  using app = await startTestApp();
  const url = "/v1/pairs/fashion-mnist/classify";

  await t.step("answers the samples, easy ones with the small network alone", async () => {
    const paths = new Map<string, number>();
    let right = 0;
    for (const { png, label } of samples) {
      const { predictions, route } = await app.json(url, postImage(png));
      if (predictions[0].label === label) right++;
      const path = route.path.join(">");
      paths.set(path, (paths.get(path) ?? 0) + 1);
    }
    assert(right >= 52, `${right} of ${samples.length} right`);
    assert((paths.get("small") ?? 0) >= 20, JSON.stringify([...paths]));
    assert(samples.length - (paths.get("small") ?? 0) >= 5, JSON.stringify([...paths]));
  });

  await t.step("shows predictions, route and headers", async () => {
    const response = await app.request(`${url}?policy=always:large`, postImage(first.png));
    const body = await response.json();
    assertEquals(response.status, 200);
    assertEquals(body.pair, "fashion-mnist");
    assertEquals(body.predictions.length, 5);
    const { nodes, cost, full_cost, ...route } = body.route;
    assertEquals(route, {
      path: ["large"],
      exit: "large",
      policy: "always:large",
      operating_point: null,
      cost_unit: "ms",
    });
    assertEquals(nodes.map(({ node }: { node: string }) => node), ["large"]);
    assert(nodes[0].ms > 0 && cost > 0);
    assertEquals(cost, full_cost);
    assertEquals(response.headers.get("sluice-route"), "large");
    assertEquals(response.headers.get("sluice-policy"), "always:large");
    assertEquals(response.headers.get("cache-control"), "no-store");
    assertMatch(response.headers.get("server-timing") ?? "", /large;dur=[\d.]+/);
  });

  await t.step("names the policy version and the operating point", async () => {
    const response = await app.request(url, postImage(first.png));
    const { route } = await response.json();
    assertEquals(route.policy, "fashion-mnist@1");
    assertEquals(route.operating_point, (await readLivePolicy("fashion-mnist")).active);
    assertEquals(response.headers.get("sluice-policy"), "fashion-mnist@1");
    assertEquals(response.headers.get("sluice-route"), route.path.join(">"));
  });

  await t.step("adds up the cost of the nodes that ran", async () => {
    const { models } = await app.json("/v1/pairs/fashion-mnist");
    for (const { png } of samples) {
      const { route } = await app.json(url, postImage(png));
      const sum = route.path.reduce((sum: number, node: string) => sum + models[node].cost, 0);
      assertAlmostEquals(route.cost, sum, 1e-3);
      assertEquals(route.full_cost, models.large.cost);
    }
  });

  await t.step("gives PyTorch's probabilities, whatever the form of the input", async () => {
    const { large = [] } = await readReference("fashion-mnist");
    const reference = large[0] ?? [];
    const total = reference.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const form = new FormData();
    form.set("file", new Blob([first.png]), "0001.png");
    const data = normalise([first]);
    const nested = [Array.from({ length: 28 }, (_, y) => data.slice(28 * y, 28 * y + 28))];
    const forms: RequestInit[] = [
      postImage(first.png),
      { method: "POST", body: form },
      postJson({ data, shape: [1, 28, 28] }),
      postJson({ data: nested, shape: [1, 1, 28, 28] }),
    ];
    for (const init of forms) {
      const { predictions } = await app.json(`${url}?policy=always:large&top_k=10`, init);
      assertEquals(predictions.length, 10);
      for (const { index, probability } of predictions as Prediction[]) {
        assertAlmostEquals(probability, Math.exp(reference[index] ?? NaN) / total, 1e-3);
      }
    }
  });

  await t.step("sorts by probability and cuts at top_k", async () => {
    const { predictions } = await app.json(`${url}?top_k=3`, postImage(first.png));
    assertEquals(predictions.length, 3);
    const values = (predictions as Prediction[]).map(({ probability }) => probability);
    assertEquals(values, values.toSorted((a, b) => b - a));
  });

  await t.step("takes JPEG and WebP", async () => {
    for (const type of ["jpeg", "webp"]) {
      const extension = type === "jpeg" ? "jpg" : type;
      const file = new URL(`../fixtures/images/photo.${extension}`, import.meta.url);
      const init = postImage(await Deno.readFile(file), { "content-type": `image/${type}` });
      assertEquals((await app.request(url, init)).status, 200);
    }
  });

  await t.step("answers with every node of either pair when told to", async () => {
    const expected = {
      "fashion-mnist": [["small"], ["medium"], ["large"]],
      "fashion-mnist-exits": [["stage1"], ["stage1", "stage2"], ["stage1", "stage2", "stage3"]],
    };
    for (const [pair, paths] of Object.entries(expected)) {
      for (const path of paths) {
        const query = `?policy=always:${path.at(-1)}`;
        const { route } = await app.json(
          `/v1/pairs/${pair}/classify${query}`,
          postImage(first.png),
        );
        assertEquals(route.path, path);
        assertEquals(route.exit, path.at(-1));
      }
    }
  });
});
