/** The server itself is killed while documents are put over HTTP; the next one serves a known version. */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { PAIR, type PolicyClient, policyClient, TOKEN } from "../harness/process/policy_client.ts";
import { startMain } from "../harness/process/server_process.ts";
import { makeFolder } from "../harness/files/folders.ts";
import { copyLivePolicy, noteOf, readPolicyText } from "../harness/files/live_policies.ts";

const KILLS = 5;

/** Puts documents until the server is gone; gives the notes of the last stored and of the one after. */
async function putUntilGone(client: PolicyClient, round: number): Promise<string[]> {
  let { text, etag } = await client.get();
  const possible = [noteOf(text) ?? "shipped"];
  for (let count = 0;; count++) {
    const note = `round ${round}, document ${count}`;
    text = await readPolicyText({ note });
    possible.push(note);
    try {
      assertEquals((await client.put(text, etag)).status, 200);
      possible.shift();
      ({ etag } = await client.get());
    } catch (error) {
      // The connection broke off.
      if (error instanceof TypeError) return possible;
      throw error;
    }
  }
}

/** The note of the document that decides, after all that can be told from outside has been checked. */
async function noteServed(client: PolicyClient, folder: URL): Promise<string> {
  const { text, name } = await client.get();
  const { versions, serves, rejected } = await client.versions();
  assertEquals([serves.policy, rejected], [name, undefined]);
  assertEquals(await client.decider(), name);
  assertEquals(await Deno.readTextFile(new URL(`${PAIR}.json`, folder)), text);
  const numbers = versions.map(({ version }) => version);
  assertEquals(numbers, numbers.map((_, index) => numbers.length - index));
  return noteOf(text) ?? "shipped";
}

Deno.test(`a server that is killed ${KILLS} times while it stores serves a whole version each time`, async () => {
  await using folder = await makeFolder();
  await copyLivePolicy(folder.url);
  const env = {
    SLUICE_STORE: "files",
    SLUICE_POLICIES: fileURLToPath(folder.url),
    SLUICE_ADMIN_TOKEN: TOKEN,
  };
  let possible: string[] | undefined;
  for (let round = 0; round <= KILLS; round++) {
    await using server = await startMain(env, folder.url);
    const client = policyClient(server.address);
    const note = await noteServed(client, folder.url);
    assert(possible?.includes(note) ?? true, `${note} serves, not one of ${possible}`);
    if (round === KILLS) return;
    const putting = putUntilGone(client, round);
    await new Promise((go) => setTimeout(go, 100 + Math.random() * 300));
    await server.kill();
    possible = await putting;
  }
});
