/** The real process, started and asked as the README says. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { startTask } from "../harness/process/server_process.ts";
import { readLivePolicy } from "../harness/files/live_policies.ts";
import { outputOf, runCommand } from "../harness/process/run_command.ts";
import { readJson, readText } from "../harness/files/project.ts";

Deno.test("the README's command starts the server and its curl line classifies a sample", async () => {
  const readme = await readText("README.md");
  const [, line = ""] = readme.match(/^curl (-F file=@\S+ http:\/\/127\.0\.0\.1:8000\S+)$/m) ?? [];
  assertMatch(line, /classify$/);
  // In memory, so that the working copy keeps its policies and they are version 1.
  await using server = await startTask({ SLUICE_STORE: "memory" });
  const printed = line.replace("http://127.0.0.1:8000", server.address);
  assert(server.output().includes(`curl ${printed}`), server.output());
  for (const pair of ["fashion-mnist", "fashion-mnist-exits"]) {
    const point = (await readLivePolicy(pair)).active;
    assertMatch(server.output(), new RegExp(`${pair} +ready .*policy ${pair}@1 \\(${point}\\)`));
  }
  const answer = JSON.parse(await outputOf("curl", ["-s", ...printed.split(" ")]));
  const labels = await readJson("registry/plugins/fashion-mnist/samples/labels.json");
  assertEquals(answer.predictions[0].label, labels["0001.png"]);
  assertEquals(answer.route.policy, "fashion-mnist@1");
});

Deno.test("a setting that is not understood ends the start with its name", async () => {
  const env = { PORT: "eighty" };
  const { code, error } = await runCommand(Deno.execPath(), ["task", "start"], { env });
  assert(code !== 0);
  assertMatch(error, /PORT="eighty".*from 0 to 65535/);
});

Deno.test("deno task dev does not start again because a policy was stored", async () => {
  const { tasks } = await readJson("deno.json");
  const [, watched = ""] = tasks.dev.command.match(/--watch=(\S+)/) ?? [];
  const around = watched.split(",").filter((path: string) =>
    "policies/live/".startsWith(`${path}/`)
  );
  assertEquals([watched === "", around], [false, []]);
});
