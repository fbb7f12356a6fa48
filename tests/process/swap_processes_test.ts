/** Two server processes on one store: what one is told, the other serves. */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  type GivenVersions,
  PAIR,
  type PolicyClient,
  policyClient,
  TOKEN,
} from "../harness/process/policy_client.ts";
import { startMain } from "../harness/process/server_process.ts";
import { makeFolder } from "../harness/files/folders.ts";
import { copyLivePolicy, noteOf, readPolicyText } from "../harness/files/live_policies.ts";
import { until } from "../harness/wait/until.ts";

/** Two servers on one folder. */
interface Two extends AsyncDisposable {
  readonly clients: readonly [PolicyClient, PolicyClient];
  /** The file of the policy, which the files store serves and others start with. */
  readonly file: URL;
}

async function startTwo(store: "files" | "kv"): Promise<Two> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeFolder());
  const file = await copyLivePolicy(folder.url);
  const env = {
    SLUICE_STORE: store,
    SLUICE_POLICIES: fileURLToPath(folder.url),
    SLUICE_KV_PATH: fileURLToPath(new URL("kv.sqlite", folder.url)),
    SLUICE_ADMIN_TOKEN: TOKEN,
  };
  // At the same time: both find a document that is no version yet.
  const starting = [startMain(env, folder.url), startMain(env, folder.url)] as const;
  for (const result of await Promise.allSettled(starting)) {
    if (result.status === "fulfilled") stack.use(result.value);
  }
  const [first, second] = await Promise.all(starting);
  const moved = stack.move();
  return {
    clients: [policyClient(first.address), policyClient(second.address)],
    file,
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** Waits until both decide by a policy. */
async function bothServe(clients: Two["clients"], name: string): Promise<void> {
  await Promise.all(clients.map((client) => {
    return until(`${name} serves`, async () => await client.decider() === name);
  }));
}

/** What both say of the versions, which must be the same. */
async function agreed(clients: Two["clients"]): Promise<GivenVersions> {
  const [first, second] = await Promise.all(clients.map((client) => client.versions()));
  assertEquals(first, second);
  assert(first);
  const numbers = first.versions.map(({ version }) => version);
  assertEquals(numbers, numbers.map((_, index) => numbers.length - index));
  assertEquals(first.serves.policy, first.versions[0]?.policy);
  return first;
}

for (const store of ["files", "kv"] as const) {
  Deno.test(`two servers on one store of ${store} swap together, and one of two writers wins`, async () => {
    await using two = await startTwo(store);
    const { clients } = two;
    await bothServe(clients, `${PAIR}@1`);
    for (const [index, client] of clients.entries()) {
      const { etag } = await client.get();
      assertEquals(
        (await client.put(await readPolicyText({ note: `swap ${index}` }), etag)).status,
        200,
      );
      await bothServe(clients, `${PAIR}@${index + 2}`);
      assertEquals(noteOf((await clients[1 - index]!.get()).text), `swap ${index}`);
    }
    for (let round = 0; round < 10; round++) {
      const { etag } = await clients[round % 2]!.get();
      const texts = await Promise.all(
        [0, 1].map((by) => readPolicyText({ note: `round ${round} by ${by}` })),
      );
      const answers = await Promise.all(
        clients.map((client, index) => client.put(texts[index] as string, etag)),
      );
      const statuses = answers.map(({ status }) => status);
      assertEquals(statuses.toSorted(), [200, 412]);
      await bothServe(clients, `${PAIR}@${round + 4}`);
      const winner = texts[statuses.indexOf(200)];
      for (const client of clients) assertEquals((await client.get()).text, winner);
    }
    assertEquals((await agreed(clients)).versions.length, 13);
  });
}

Deno.test("two servers take over what an editor writes, however it does", async () => {
  await using two = await startTwo("files");
  const { clients, file } = two;
  await bothServe(clients, `${PAIR}@1`);

  await Deno.writeTextFile(file, await readPolicyText({ note: "in place" }));
  await bothServe(clients, `${PAIR}@2`);

  const other = new URL(`.${PAIR}.json.swp`, file);
  await Deno.writeTextFile(other, await readPolicyText({ note: "by another name" }));
  await Deno.rename(other, file);
  await bothServe(clients, `${PAIR}@3`);

  const broken = (await readPolicyText({ note: "cut off" })).slice(0, -10);
  await Deno.writeTextFile(file, broken);
  for (const client of clients) {
    await until(
      "the edit is refused",
      async () => (await client.versions()).rejected !== undefined,
    );
    assertEquals(await client.decider(), `${PAIR}@3`);
    assertEquals(noteOf((await client.get()).text), "by another name");
  }
  assertEquals(await Deno.readTextFile(file), broken);

  const good = await readPolicyText({ note: "mended" });
  await Deno.writeTextFile(file, good);
  await bothServe(clients, `${PAIR}@4`);
  const { versions, rejected } = await agreed(clients);
  assertEquals([versions.length, rejected], [4, undefined]);
  assertEquals(await Deno.readTextFile(file), good);
});
