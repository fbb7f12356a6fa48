import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { postJson, startTestApp } from "../app.ts";
import { normalise, readReference, readSamples } from "../samples.ts";
import { combineAnswers } from "../../policies/combine.ts";
import { livePolicy } from "../plugins.ts";

const samples = await readSamples();

/** An OIP request for some samples. */
function inferBody(count: number, members: Record<string, unknown> = {}) {
  const data = normalise(samples.slice(0, count));
  const input = { name: "image", datatype: "FP32", shape: [count, 1, 28, 28], data };
  return { inputs: [input], ...members };
}

Deno.test("Open Inference Protocol", async (t) => {
  using app = await startTestApp();

  await t.step("describes the server and its models", async () => {
    const { name, version, extensions } = await app.json("/v2");
    assertEquals({ name, extensions }, { name: "sluice", extensions: [] });
    assertEquals(typeof version, "string");
    const labels = 10;
    for (const model of ["fashion-mnist", "fashion-mnist-exits"]) {
      const metadata = await app.json(`/v2/models/${model}`);
      assertEquals(metadata.name, model);
      assertEquals(metadata.inputs, [
        { name: "image", datatype: "FP32", shape: [-1, 1, 28, 28] },
      ]);
      assertEquals(metadata.outputs, [{ name: "logits", datatype: "FP32", shape: [-1, labels] }]);
    }
  });

  await t.step("says that it lives and that it and its models are ready", async () => {
    assertEquals(await app.json("/v2/health/live"), { live: true });
    assertEquals(await app.json("/v2/health/ready"), { ready: true });
    assertEquals(await app.json("/v2/models/fashion-mnist/ready"), {
      name: "fashion-mnist",
      ready: true,
    });
  });

  for (const pair of ["fashion-mnist", "fashion-mnist-exits"]) {
    // Early exits are compared with the uncut network more closely than networks with PyTorch.
    const tolerance = pair === "fashion-mnist" ? 1e-3 : 1e-4;
    await t.step(`gives PyTorch's logits at every node of ${pair}`, async () => {
      for (const [node, reference] of Object.entries(await readReference(pair))) {
        const body = inferBody(samples.length, { parameters: { policy: `always:${node}` } });
        const { outputs: [output] } = await app.json(`/v2/models/${pair}/infer`, postJson(body));
        assertEquals(output.shape, [samples.length, 10]);
        reference.flat().forEach((logit, index) =>
          assertAlmostEquals(output.data[index], logit, tolerance, `${node}, logit ${index}`)
        );
      }
    });
  }

  await t.step("routes every item of a batch on its own", async () => {
    const url = "/v2/models/fashion-mnist/infer";
    const body = inferBody(samples.length, { id: "batch-7" });
    const answer = await app.json(url, postJson(body));
    assertEquals(answer.id, "batch-7");
    assertEquals(answer.model_name, "fashion-mnist");
    assertEquals(answer.parameters.policy, "fashion-mnist@1");
    assertEquals(answer.parameters.operating_point, (await livePolicy("fashion-mnist")).active);
    const routes: string[] = answer.parameters.route.split(",");
    assertEquals(routes.length, samples.length);
    assert(new Set(routes).size >= 2, answer.parameters.route);

    const reference = await readReference("fashion-mnist");
    const { combine = "last" } = await livePolicy("fashion-mnist");
    routes.forEach((route, index) => {
      const path = route.split(">");
      const evidence = path.map((
        node,
      ) => [node, Float32Array.from(reference[node]?.[index] ?? [])]);
      const expected = combineAnswers(combine, { path, logits: new Map(evidence as []) });
      assertEquals(expected.length, 10);
      const logits = answer.outputs[0].data.slice(index * 10, index * 10 + 10);
      expected.forEach((logit, k) => assertAlmostEquals(logits[k], logit, 1e-3));
    });
  });

  await t.step("needs no content type and takes a list of outputs", async () => {
    const body = JSON.stringify(inferBody(1, { outputs: [{ name: "logits" }] }));
    const response = await app.request("/v2/models/fashion-mnist/infer", {
      method: "POST",
      body: new Blob([body]),
    });
    assertEquals(response.status, 200);
    assertEquals((await response.json()).outputs[0].name, "logits");
  });
});
