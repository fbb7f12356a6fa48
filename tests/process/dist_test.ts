/** What docs/deploy.md says: `deno task build` makes what needs nothing but Deno. A real process. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { startCommand } from "../../cli/build/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { postImage } from "../harness/http/requests.ts";
import { makeDist, startDist } from "../harness/process/dist_process.ts";
import { PAIR, policyClient, TOKEN } from "../harness/process/policy_client.ts";
import { readPolicyText } from "../harness/files/live_policies.ts";

const PAIRS = ["fashion-mnist", "fashion-mnist-exits"];
/** Images by their media type. */
const IMAGES = {
  "image/png": "registry/plugins/fashion-mnist/samples/0001.png",
  "image/jpeg": "tests/fixtures/images/photo.jpg",
  "image/webp": "tests/fixtures/images/photo.webp",
};

Deno.test("a build serves from an empty folder, with nothing but what it needs", async (t) => {
  await using dist = await makeDist();
  await using server = await startDist(dist, { SLUICE_ADMIN_TOKEN: TOKEN, SLUICE_WORKERS: "2" });

  await t.step("deno task build prints the files and their sizes", () => {
    assertMatch(dist.printed, /^main\.js +\d+\.\d MB +the server$/m);
    assertMatch(dist.printed, /^models\/[0-9a-f]{12}….onnx +6\.6 MB +fashion-mnist\/large$/m);
    assertMatch(dist.printed, /has \d+\.\d MB in \d+ files\./);
    assert(dist.printed.includes(`/dist "${startCommand("")[3]}" `), dist.printed);
  });

  await t.step("it answers as a checkout does", async () => {
    using checkout = await startTestApp({ workers: 1 });
    for (const pair of PAIRS) {
      for (const [type, image] of Object.entries(IMAGES)) {
        const body = await Deno.readFile(image);
        const init = postImage(body, { "content-type": type });
        const path = `/v1/pairs/${pair}/classify`;
        const expected = await checkout.json(path, init);
        const answer = await (await fetch(server.address + path, init)).json();
        assertEquals(answer.predictions, expected.predictions, image);
        assertEquals(answer.route.path, expected.route.path);
        assertEquals(answer.route.policy, `${pair}@1`);
      }
    }
  });

  await t.step("it describes itself, with a page", async () => {
    const paths = Object.keys((await (await fetch(`${server.address}/openapi.json`)).json()).paths);
    assert(paths.includes("/v1/pairs/{pair}/classify"), paths.join(", "));
    for (const file of ["docs", "docs/swagger-ui-bundle.js", "docs/swagger-ui.css"]) {
      const response = await fetch(`${server.address}/${file}`);
      assertEquals(response.status, 200, await response.text());
    }
  });

  await t.step("policies are changed in memory, because nothing may be written", async () => {
    assertMatch(
      server.output(),
      /dist\/policies\/live\/ cannot be written \(.*policies live in mem/,
    );
    const client = policyClient(server.address);
    const { etag } = await client.get();
    assertEquals((await client.put(await readPolicyText({ note: "new" }), etag)).status, 200);
    assertEquals(await client.decider(), `${PAIR}@2`);
  });

  await t.step("it shows no line to paste that would not work", () => {
    assert(!server.output().includes("curl"), server.output());
  });

  await t.step(
    "deploy/sluice.service keeps policies over a restart",
    async () => {
      const unit = await Deno.readTextFile("deploy/sluice.service");
      const place = (text: string) => {
        return text.replaceAll("/srv/sluice", dist.parent).replaceAll("/var/lib/sluice", state);
      };
      const state = `${dist.parent}/state`;
      const [, line = ""] = unit.match(/^ExecStart=\/usr\/local\/bin\/deno (.*)$/m) ?? [];
      const [, settings = ""] = unit.match(/^Environment=PORT=8000 (.*)$/m) ?? [];
      const pairs = place(settings).split(" ").map((setting) => setting.split("="));
      const env = {
        ...Object.fromEntries(pairs),
        SLUICE_ADMIN_TOKEN: TOKEN,
        SLUICE_PLUGINS: "somewhere",
      };
      const start = () => startDist(dist, env, place(line).split(" "));
      {
        await using first = await start();
        const client = policyClient(first.address);
        const { etag } = await client.get();
        assertEquals((await client.put(await readPolicyText({ note: "kept" }), etag)).status, 200);
      }
      await using second = await start();
      assertEquals(await policyClient(second.address).decider(), `${PAIR}@2`);
      assertMatch(second.output(), /SLUICE_PLUGINS is read by deno task build: this server has/);
    },
  );

  await t.step("it ends with code 0 at SIGTERM", async () => {
    await server.stop();
    assertEquals((await server.ended).code, 0);
  });
});
