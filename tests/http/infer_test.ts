import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { startTestApp } from "../harness/app/app.ts";
import { postJson } from "../harness/http/requests.ts";
import { normalise, readReference, readSamples } from "../harness/files/samples.ts";
import { combineAnswers } from "../../policies/mod.ts";
import {
  indexResponseSchema,
  inferenceResponseSchema,
  modelMetadataSchema,
  serverMetadataSchema,
} from "../../routes/oip/mod.ts";
import { readLivePolicy } from "../harness/files/live_policies.ts";

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
    const server = serverMetadataSchema.parse(await app.json("/v2"));
    assertEquals(server.name, "sluice");
    assertEquals(server.extensions, ["binary_tensor_data", "classification", "parameters"]);
    for (const model of ["fashion-mnist", "fashion-mnist-exits"]) {
      const metadata = modelMetadataSchema.parse(await app.json(`/v2/models/${model}`));
      assertEquals([metadata.name, metadata.versions], [model, ["1"]]);
      const [image, pixels, ...others] = metadata.inputs;
      assertEquals(image, {
        name: "image",
        datatype: "FP32",
        shape: [-1, 1, 28, 28],
        parameters: { optional: true, instead_of: "pixels" },
      });
      assertEquals(pixels, {
        name: "pixels",
        datatype: "UINT8",
        shape: [-1, -1, -1, -1],
        parameters: {
          ...{ layout: "NHWC", channels: "1,3,4" },
          ...{ optional: true, instead_of: "image" },
        },
      });
      assertEquals(others, []);
      const outputs = metadata.outputs.map(({ name, datatype, shape, parameters = {} }) =>
        [name, datatype, shape, parameters["optional"] ?? false] as const
      );
      assertEquals(outputs, [
        ["logits", "FP32", [-1, 10], false],
        ["probabilities", "FP32", [-1, 10], true],
        ["label", "BYTES", [-1], true],
        ["label_index", "INT64", [-1], true],
        ["route", "BYTES", [-1], true],
        ["cost", "FP32", [-1], true],
      ]);
    }
  });

  await t.step("takes the version in the path, and no other", async () => {
    const [model, versioned] = ["/v2/models/fashion-mnist", "/v2/models/fashion-mnist/versions/1"];
    for (const path of ["", "/ready"]) {
      assertEquals(await app.json(versioned + path), await app.json(model + path));
    }
    const answers = await Promise.all(
      [model, versioned].map((url) => app.json(`${url}/infer`, postJson(inferBody(2)))),
    );
    assertEquals(answers[0], answers[1]);
    assertEquals(answers[0].model_version, "1");
    for (const [path, init] of [["", {}], ["/ready", {}], ["/infer", postJson(inferBody(1))]]) {
      const problem = await app.json(`${model}/versions/2${path}`, init as RequestInit);
      assertEquals(problem.status, 404);
      assertEquals(problem.error, 'Cannot find version "2" of fashion-mnist: expected "1"');
    }
  });

  await t.step("lists the repository", async () => {
    const ready = (name: string) => ({ name, version: "1", state: "READY", reason: "" });
    const all = ["fashion-mnist", "fashion-mnist-exits"].map(ready);
    for (const body of ["", "{}", '{"ready": true}', '{"ready": false}']) {
      const index = await app.json("/v2/repository/index", { method: "POST", body });
      assertEquals(indexResponseSchema.parse(index), all);
    }
    const problem = await app.json("/v2/repository/index", postJson({ ready: "yes" }));
    assertEquals([problem.status, problem.field], [422, "ready"]);
    const cut = await app.json("/v2/repository/index", { method: "POST", body: "{" });
    assertEquals(cut.status, 400);
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
    assertEquals(answer.parameters.operating_point, (await readLivePolicy("fashion-mnist")).active);
    const routes: string[] = answer.parameters.route.split(",");
    assertEquals(routes.length, samples.length);
    assert(new Set(routes).size >= 2, answer.parameters.route);

    const reference = await readReference("fashion-mnist");
    const { combine = "last" } = await readLivePolicy("fashion-mnist");
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

  await t.step("gives the outputs that are asked for, in that order", async () => {
    const outputs = ["cost", "label_index", "route", "label", "probabilities", "logits"];
    const body = inferBody(samples.length, { outputs: outputs.map((name) => ({ name })) });
    const answer = await app.json("/v2/models/fashion-mnist/infer", postJson(body));
    const given = inferenceResponseSchema.parse(answer).outputs;
    assertEquals(given.map(({ name }) => name), outputs);
    const [cost, index, route, label, probabilities, logits] = given.map(({ data = [] }) => data);
    const { labels, models } = await app.json("/v1/pairs/fashion-mnist");
    samples.forEach((_, item) => {
      const row = (all: readonly unknown[] = []) =>
        all.slice(item * 10, item * 10 + 10) as number[];
      const [best] = row(logits).map((value, k) => [value, k] as const)
        .sort(([a], [b]) => b - a) as [[number, number]];
      assertEquals(index?.[item], best[1]);
      assertEquals(label?.[item], labels[best[1]]);
      assertAlmostEquals(row(probabilities).reduce((a, b) => a + b), 1, 1e-5);
      assertEquals(row(probabilities)[best[1]], Math.max(...row(probabilities)));
      const path = String(route?.[item]).split(">");
      const sum = path.reduce((sum, node) => sum + models[node].cost, 0);
      assertAlmostEquals(Number(cost?.[item]), sum, 1e-3);
    });
    assertEquals(route?.join(","), answer.parameters.route);
  });

  await t.step("gives the highest classes on request", async () => {
    const output = { name: "probabilities", parameters: { classification: 2 } };
    const body = inferBody(3, { outputs: [output, { name: "label" }] });
    const { outputs } = await app.json("/v2/models/fashion-mnist/infer", postJson(body));
    const [classes, label] = outputs;
    assertEquals([classes.datatype, classes.shape], ["BYTES", [3, 2]]);
    const parts = classes.data.map((text: string) => text.split(":"));
    parts.forEach(([value, index, name]: [string, string, string], place: number) => {
      assert(/^[01]\.\d{6}$/.test(value) && /^\d$/.test(index), `${value}:${index}:${name}`);
      if (place % 2 === 0) assertEquals(name, label.data[place / 2]);
      else assert(Number(value) <= Number(parts[place - 1][0]));
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
