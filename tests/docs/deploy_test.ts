/** What docs/deploy.md and the files of deploy/ say, against what there is. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseAllDocuments } from "yaml";
import { startCommand, startLine } from "../../cli/build/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { readJson, readText, ROOT } from "../harness/files/project.ts";

const config = await readJson("deno.json");

Deno.test("docs/deploy.md names tasks, files and tests that exist, and the command that is printed", async () => {
  const page = await readText("docs/deploy.md");
  const tasks = Array.from(page.matchAll(/deno task ([a-z:]+)/g), ([, task = ""]) => task);
  assertEquals(tasks.filter((task) => !(task in config.tasks)), []);
  const files = Array.from(
    page.matchAll(/\(\.\.\/([^)#]+)[)#]|`(tests\/[^`]+)`|-f (deploy\/\S+)/g),
  );
  assert(files.length >= 8, `${files.length} files`);
  for (const [, link, test, argument] of files) {
    assert((await Deno.stat(new URL(link ?? test ?? argument ?? "", ROOT))).isFile);
  }
  assert(page.includes(`\n${startLine("dist")}\n`), startLine("dist"));
});

Deno.test("the deploy key of deno.json builds and starts what is built", () => {
  const { install, build, runtime } = config.deploy;
  assertEquals([install, build], ["deno install", "deno task build"]);
  assertEquals(runtime, {
    type: "dynamic",
    entrypoint: startCommand("dist").at(-1),
    memoryLimit: 768,
  });
});

Deno.test("deploy/Dockerfile starts what it has built, with the flags that are printed", async () => {
  const text = await readText("deploy/Dockerfile");
  assertMatch(text, /^COPY --from=build \/project\/dist dist$/m);
  const [, command = ""] = text.match(/^CMD (.*)$/m) ?? [];
  assertEquals(JSON.parse(command), startCommand("dist"));
  const [, port] = text.match(/^EXPOSE (\d+)$/m) ?? [];
  assertMatch(text, new RegExp(`^ENV .*PORT=${port} `, "m"));
  const [, deno = ""] = text.match(/^FROM denoland\/deno:(\S+) AS build$/m) ?? [];
  assert((await readText(".ci/run")).includes(`deno@${deno} `), deno);
});

Deno.test("deploy/kserve.yaml asks what the server answers, at its port", async () => {
  const [runtime, service, ...rest] = parseAllDocuments(await readText("deploy/kserve.yaml"));
  assert(runtime && service && rest.length === 0);
  assertEquals([...runtime.errors, ...service.errors], []);
  const { metadata, spec } = runtime.toJS();
  const { model } = service.toJS().spec.predictor;
  assertEquals(model.runtime, metadata.name);
  assertEquals(model.modelFormat, spec.supportedModelFormats[0]);
  assertEquals(model.protocolVersion, spec.protocolVersions[0]);

  const [container] = spec.containers;
  const [, port] = (await readText("deploy/Dockerfile")).match(/^EXPOSE (\d+)$/m) ?? [];
  assertEquals(
    container.ports.map(({ containerPort }: { containerPort: number }) => containerPort),
    [
      Number(port),
    ],
  );
  using app = await startTestApp({ workers: 1 });
  for (const { httpGet } of [container.readinessProbe, container.livenessProbe]) {
    assertEquals(httpGet.port, Number(port));
    assertEquals((await app.request(httpGet.path)).status, 200);
  }
});
