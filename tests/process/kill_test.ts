/** Whatever the moment at which a writer is killed, the next start serves a whole and known version. */
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { parsePolicy } from "../../policies/mod.ts";
import { FilePolicyStore, KEPT_VERSIONS, sha256 } from "../../policies/stores/mod.ts";
import { changed, TARGET } from "../harness/generators/policies.ts";
import { startLivePolicy } from "../harness/app/live_policy.ts";
import { makeFolder, namesIn } from "../harness/files/folders.ts";

const KILLS = 200;
const FOLDERS = 4;

const { pair } = TARGET;
const WRITER = fileURLToPath(new URL("../harness/scripts/policy_writer.ts", import.meta.url));

/** A fit document, about as long as those that are learned, in which a note can be put. */
const TEMPLATE = JSON.stringify(changed((copy) => copy.provenance.note = "NOTE"), null, 40);

/** What a writer has printed. */
interface Written {
  /** Notes of the documents that it began to put, in this order. */
  readonly begun: readonly string[];
  /** Notes of those that it knew to be stored. */
  readonly done: readonly string[];
}

/** Runs a writer and kills it a random moment after it has begun. */
async function writeAndKill(folder: URL, round: number): Promise<Written> {
  const child = new Deno.Command(Deno.execPath(), {
    // Without the project's configuration it starts sooner.
    args: [
      "run",
      `--allow-read=${fileURLToPath(folder)}`,
      `--allow-write=${fileURLToPath(folder)}`,
      WRITER,
      folder.href,
      pair,
      String(round),
      TEMPLATE,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let output = "";
  let begun = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (!begun) setTimeout(() => child.kill("SIGKILL"), Math.random() * 60);
    begun = true;
  }
  assertEquals((await child.status).signal, "SIGKILL");
  const notes = (what: string) => {
    return [...output.matchAll(new RegExp(`^${what} (.*)$`, "gm"))].map(([, note = ""]) => note);
  };
  return { begun: notes("begin"), done: notes("done") };
}

/** What lies in the folder and the history fit together. */
async function assertConsistent(folder: URL, store: FilePolicyStore): Promise<void> {
  const versions = await store.versions(pair);
  const latest = versions[0];
  assert(latest);
  const numbers = versions.map(({ version }) => version);
  assertEquals(numbers, numbers.map((_, index) => latest.version - index));
  // What a killed writer had put is not mistaken for an edit.
  assert(versions.every(({ change }) => change === "put"), JSON.stringify(versions));
  assertEquals(sha256(await Deno.readTextFile(new URL(`${pair}.json`, folder))), latest.sha256);
  for (const { version, sha256: expected } of versions.slice(0, KEPT_VERSIONS)) {
    assertEquals(sha256(await store.text(pair, version) ?? ""), expected, `version ${version}`);
  }
}

/** Kills writers of one folder, one after the other, and starts after each; gives the kills. */
async function killAgainAndAgain(folder: URL, kills: number): Promise<void> {
  const store = new FilePolicyStore(folder);
  let before: string[] = [];
  for (let round = 0; round < kills; round++) {
    const { begun, done } = await writeAndKill(folder, round);
    // What was stored stays, what was begun after it may be there or not.
    const stored = done.length > 0 ? done.slice(-1) : before;
    const possible = [...stored, ...begun.slice(done.length)];

    // Starts as a server does, on workers that take every policy.
    using started = await startLivePolicy({ store });
    const { live } = started;
    const { name, document, rejected } = live.snapshot;
    assertEquals(rejected, undefined);
    const note = document?.provenance.note ?? name;
    const nothingYet = stored.length === 0 && document === undefined;
    assert(nothingYet || possible.includes(note), `${note} serves, not one of ${possible}`);
    if (!nothingYet) {
      const head = await live.latest();
      assertEquals([name, parsePolicy(head.text)], [`${pair}@${head.version}`, document]);
      await assertConsistent(folder, store);
    }
    const next = await live.replace(TEMPLATE.replace("NOTE", `after round ${round}`), {
      from: "the test",
    });
    assertEquals(live.snapshot.name, `${pair}@${next.stored.version}`);
    await assertConsistent(folder, store);
    before = [`after round ${round}`];
  }
}

Deno.test(`${KILLS} writers are killed, and every start serves a whole and known version`, async () => {
  await Promise.all(Array.from({ length: FOLDERS }, async () => {
    await using folder = await makeFolder();
    await killAgainAndAgain(folder.url, KILLS / FOLDERS);
    const [{ version } = { version: 0 }] = await new FilePolicyStore(folder.url).versions(pair);
    const kept = Array.from({ length: KEPT_VERSIONS }, (_, index) => `${version - index}.json`);
    assertEquals(namesIn(folder.url), [".versions", `${pair}.json`]);
    assertEquals(namesIn(new URL(".versions/", folder.url)), [pair]);
    const names = namesIn(new URL(`.versions/${pair}/`, folder.url));
    assertEquals(names, [...kept, "history.json", "lock"].sort());
  }));
});
