/** What the flags of `deno task start` let a server do. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { PAIR, policyClient, TOKEN } from "../harness/process/policy_client.ts";
import { startMain } from "../harness/process/server_process.ts";
import { readStartArguments } from "../harness/process/start_flags.ts";
import { makeFolder, namesIn } from "../harness/files/folders.ts";
import { copyLivePolicy, readPolicyText } from "../harness/files/live_policies.ts";
import { until } from "../harness/wait/until.ts";
import { ROOT } from "../harness/files/project.ts";
import { runCommand } from "../harness/process/run_command.ts";

Deno.test("deno task start lets the server write nothing but policies/live", async () => {
  const folders = [
    ".",
    "registry",
    "registry/plugins/fashion-mnist",
    "routes",
    "server",
    "models",
    "traces",
    "reports",
    "node_modules",
    "policies",
    "policies/live-too",
    "..",
    dirname(fileURLToPath(ROOT)),
    Deno.env.get("TMPDIR") ?? "/tmp",
    Deno.env.get("HOME") ?? "/root",
    "/",
  ];
  const args = (await readStartArguments()).slice(0, -1);
  assert(!args.some((word) => word === "-A" || word === "--allow-all"), args.join(" "));
  const probe = "tests/harness/scripts/permission_probe.ts";
  const { out, error } = await runCommand(Deno.execPath(), [...args, probe, ...folders]);
  assert(out !== "", error);
  const { allowed, refused } = JSON.parse(out) as Record<string, Record<string, string>>;
  for (const [attempt, outcome] of Object.entries(refused ?? {})) {
    assertEquals(outcome, "NotCapable", attempt);
  }
  for (const [attempt, outcome] of Object.entries(allowed ?? {})) {
    assertEquals(outcome, "allowed", attempt);
  }
  assert(Object.keys(refused ?? {}).length > 4 * folders.length);
});

Deno.test("a server that may write nothing serves what there is, and says that it keeps nothing", async () => {
  await using folder = await makeFolder();
  const file = await copyLivePolicy(folder.url);
  const shipped = await Deno.readTextFile(file);
  await using server = await startMain({
    SLUICE_STORE: "files",
    SLUICE_POLICIES: fileURLToPath(folder.url),
    SLUICE_ADMIN_TOKEN: TOKEN,
  });
  assertMatch(server.output(), new RegExp(`pair ${PAIR}: Cannot write .*no versions are kept`));
  const client = policyClient(server.address);
  assertEquals(await client.decider(), `${PAIR}@1`);
  const { text, etag } = await client.get();
  assertEquals(text, shipped);

  const { status, problem } = await client.put(await readPolicyText({ note: "new" }), etag);
  assertEquals([status, problem], [503, "urn:sluice:problem:policy-store"]);
  assertEquals(await client.decider(), `${PAIR}@1`);
  assertEquals((await client.get()).text, shipped);
  assertEquals(await Deno.readTextFile(file), shipped);

  const other = await readPolicyText({ note: "edited" });
  await Deno.writeTextFile(file, other);
  await until("the edit serves", async () => await client.decider() === `${PAIR}@2`);
  assertEquals((await client.get()).text, other);
  assertEquals(namesIn(folder.url), [`${PAIR}.json`]);
});
