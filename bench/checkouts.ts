/**
 * Compares what two checkouts of Sluice do: `/openapi.json`, the policies and reports that are learned
 * anew from the shipped traces with the same seed, and every answer to the shipped samples, under every
 * policy. Both are copied first; neither is changed. For changes that must change nothing.
 *
 * ```
 * deno task compare ../before
 * deno task compare ../before ../before    (a control: what differs without a change)
 * ```
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { makeFolder } from "../tests/harness/files/folders.ts";
import { startTask } from "../tests/harness/process/server_process.ts";
import { answersOf } from "./checkouts/answers.ts";
import { copyCheckout } from "./checkouts/copy.ts";
import { differencesOf } from "./checkouts/differences.ts";
import { learnAnew } from "./checkouts/learn_anew.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The pairs that ship. */
const PAIRS = ["fashion-mnist", "fashion-mnist-exits"];

/** What a checkout does, by what was looked at; every value is JSON. */
type Behaviour = ReadonlyMap<string, unknown>;

async function behaviourOf(checkout: string): Promise<Behaviour> {
  await using folder = await makeFolder();
  const say = (line: string) => console.error(`${checkout}: ${line}`);
  const copy = await copyCheckout(checkout, folder.url);
  const behaviour = new Map<string, unknown>();
  // Answered with the policies that ship; those that are learned below carry other dates.
  say("asking the server");
  await using server = await startTask({}, copy);
  const document = await (await fetch(`${server.address}/openapi.json`)).text();
  behaviour.set("openapi.json", document);
  for (const pair of PAIRS) {
    for (const [name, answer] of await answersOf(server.address, pair, copy)) {
      behaviour.set(name, answer);
    }
  }
  for (const pair of PAIRS) {
    say(`learning ${pair}`);
    for (const [name, value] of await learnAnew(pair, copy)) behaviour.set(name, value);
  }
  return behaviour;
}

if (import.meta.main) {
  const [before, after = ROOT] = Deno.args;
  if (before === undefined) {
    console.error("Usage: deno task compare <checkout> [other checkout]");
    Deno.exit(2);
  }
  const folders = [before, after].map((path) => fileURLToPath(pathToFileURL(resolve(path))));
  const [one, other] = [await behaviourOf(folders[0]!), await behaviourOf(folders[1]!)];
  const { compared, differences } = differencesOf(one, other);
  for (const line of differences) console.log(line);
  console.log(`${compared} compared, ${differences.length} different`);
  Deno.exit(differences.length === 0 ? 0 : 1);
}
