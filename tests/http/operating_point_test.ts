import { assertEquals, assertStringIncludes } from "@std/assert";
import { startTestApp, type TestApp } from "../harness/app/app.ts";
import { postJson } from "../harness/http/requests.ts";
import { INPUT, POLICY, put, startEmptyApp } from "../harness/app/policy_calls.ts";
import { handSetText } from "../harness/generators/policy_documents.ts";

const CLASSIFY = "/v1/pairs/fashion-mnist/classify";
const INFER = "/v2/models/fashion-mnist/infer";

type Choice = Readonly<Record<string, string | number | boolean>>;

/** A request that chooses by headers. */
function byHeader(app: TestApp, choice: Record<string, string>, path = CLASSIFY, body = INPUT) {
  return app.request(path, postJson(body, choice));
}

/** A request of the Open Inference Protocol that chooses by parameters, and by headers. */
function byParameter(app: TestApp, parameters: Choice, headers: Record<string, string> = {}) {
  const data = [...INPUT.data, ...INPUT.data];
  const inputs = [{ name: "image", datatype: "FP32", shape: [2, 1, 28, 28], data }];
  return app.request(INFER, postJson({ parameters, inputs }, headers));
}

const losses: [loss: string, point: string][] = [
  ["0.5%", "p1"],
  ["0.005", "p1"],
  ["0.9 %", "p1"],
  ["1%", "p2"],
  ["0.0199", "p2"],
  ["2%", "p3"],
  ["50%", "p3"],
];

Deno.test("a request chooses an operating point of the policy that serves", async (t) => {
  using app = await startTestApp({ workers: 1, adminTokens: ["alpha"] });
  assertEquals((await put(app, handSetText())).status, 200);

  const choices: [
    name: string,
    header: Record<string, string>,
    parameters: Choice,
    point: string,
  ][] = [
    ...["p1", "p2", "p3", "p4"].map((id): (typeof choices)[number] => {
      return [id, { "sluice-operating-point": id }, { operating_point: id }, id];
    }),
    ...losses.map(([loss, id]): (typeof choices)[number] => {
      return [`a loss of ${loss}`, { "sluice-max-loss": loss }, { max_loss: loss }, id];
    }),
    ["a loss in a number", { "sluice-max-loss": "0.01" }, { max_loss: 0.01 }, "p2"],
    ["nothing", {}, {}, "p2"],
  ];
  for (const [name, header, parameters, point] of choices) {
    await t.step(`${name} leads to ${point}`, async () => {
      const classified = await byHeader(app, header);
      const { route } = await classified.json();
      assertEquals([route.policy, route.operating_point], ["fashion-mnist@2", point]);
      assertEquals(classified.headers.get("sluice-operating-point"), point);
      assertEquals(classified.headers.get("sluice-policy"), "fashion-mnist@2");
      if (point === "p4") assertEquals(route.path, ["small"]);
      if (point === "p1") assertEquals(route.path, ["small", "medium", "large"]);
      for (
        const response of [await byParameter(app, parameters), await byParameter(app, {}, header)]
      ) {
        const answer = await response.json();
        assertEquals(answer.parameters.policy, "fashion-mnist@2");
        assertEquals(answer.parameters.operating_point, point);
        assertEquals(response.headers.get("sluice-operating-point"), point);
      }
    });
  }

  const refused: [
    name: string,
    send: () => Promise<Response>,
    field: string,
    ...parts: string[],
  ][] = [
    [
      "a point that there is not",
      () => byHeader(app, { "sluice-operating-point": "p9" }),
      "Sluice-Operating-Point",
      '"p9"',
      "expected one of p1, p2, p3, p4",
    ],
    [
      "an empty point",
      () => byHeader(app, { "sluice-operating-point": "" }),
      "Sluice-Operating-Point",
      "expected one of",
    ],
    [
      "a loss for which nothing is certified",
      () => byHeader(app, { "sluice-max-loss": "0.1%" }),
      "Sluice-Max-Loss",
      "no operating point is certified for 0.1%",
      "0.5%, 1%, 2% or more",
    ],
    [
      "a loss that is no share",
      () => byHeader(app, { "sluice-max-loss": "little" }),
      "Sluice-Max-Loss",
      "little",
      "a share such as 1% or 0.01",
    ],
    [
      "a loss of more than everything",
      () => byHeader(app, { "sluice-max-loss": "5" }),
      "Sluice-Max-Loss",
      "less than 100%; did you mean 5%?",
    ],
    [
      "a point and a loss",
      () => byHeader(app, { "sluice-operating-point": "p1", "sluice-max-loss": "1%" }),
      "Sluice-Max-Loss",
      "is given beside Sluice-Operating-Point",
    ],
    [
      "a point and a policy",
      () => byHeader(app, { "sluice-operating-point": "p1" }, `${CLASSIFY}?policy=always:large`),
      "Sluice-Operating-Point",
      "is given with policy always:large",
    ],
    [
      "a loss and a policy",
      () => byHeader(app, { "sluice-max-loss": "1%" }, `${CLASSIFY}?policy=always:large`),
      "Sluice-Max-Loss",
      "is given with policy always:large",
    ],
    [
      "an unknown point in parameters",
      () => byParameter(app, { operating_point: "p9" }),
      "parameters.operating_point",
      '"p9"',
    ],
    [
      "an uncertified loss in parameters",
      () => byParameter(app, { max_loss: 0 }),
      "parameters.max_loss",
      "no operating point is certified for 0%",
    ],
    [
      "a point and a loss in parameters",
      () => byParameter(app, { operating_point: "p1", max_loss: "1%" }),
      "parameters.max_loss",
      "is given beside parameters.operating_point",
    ],
    [
      "a point and a policy in parameters",
      () => byParameter(app, { operating_point: "p1", policy: "always:large" }),
      "parameters.operating_point",
      "is given with policy always:large",
    ],
    [
      "a policy in parameters and a point in a header",
      () => byParameter(app, { policy: "always:large" }, { "sluice-operating-point": "p1" }),
      "Sluice-Operating-Point",
      "is given with policy always:large",
    ],
    [
      "a point in parameters and a loss in a header",
      () => byParameter(app, { operating_point: "p1" }, { "sluice-max-loss": "2%" }),
      "parameters.operating_point",
      "is given beside the header Sluice-Max-Loss",
    ],
    [
      "a loss that is neither text nor number",
      () => byParameter(app, { max_loss: true }),
      "parameters.max_loss",
      "expected a share such as 1% or 0.01",
    ],
  ];
  for (const [name, send, field, ...parts] of refused) {
    await t.step(`${name} is refused`, async () => {
      const response = await send();
      const problem = await response.json();
      assertEquals([response.status, problem.field], [422, field], JSON.stringify(problem));
      for (const part of parts) assertStringIncludes(problem.detail, part);
    });
  }

  await t.step("the choice is that of the version that serves then", async () => {
    const text = handSetText((document) => {
      document.points.splice(1, 1);
      document.active = "p1";
    });
    assertEquals((await put(app, text)).status, 200);
    assertEquals((await byHeader(app, { "sluice-operating-point": "p2" })).status, 422);
    const { route } = await (await byHeader(app, { "sluice-max-loss": "1%" })).json();
    assertEquals([route.policy, route.operating_point], ["fashion-mnist@3", "p1"]);
    assertEquals(JSON.parse(await (await app.request(POLICY)).text()).active, "p1");
  });
});

Deno.test("a pair without a document has no operating points to choose from", async () => {
  await using empty = await startEmptyApp();
  const choices = { "sluice-operating-point": "safe", "sluice-max-loss": "1%" };
  for (const [header, value] of Object.entries(choices)) {
    const response = await byHeader(empty.app, { [header]: value }, "/v1/pairs/by-hand/classify");
    const { detail, field } = await response.json();
    assertEquals([response.status, field.toLowerCase()], [422, header]);
    assertStringIncludes(detail, "always:dear serves, which has no operating points");
  }
});
