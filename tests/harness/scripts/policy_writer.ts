/**
 * Puts one document after the other into a folder until it is killed, and prints the note of each before
 * and after: `begin <note>`, `done <note>`. Run by `kill_test.ts`.
 *
 * @module
 */

import { FilePolicyStore } from "../../../policies/stores/mod.ts";

const [folder = "", pair = "", round = "", template = ""] = Deno.args;
const store = new FilePolicyStore(new URL(folder));

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

for (let count = 0, { head } = await store.read(pair);; count++) {
  const note = `round ${round}, document ${count}`;
  const text = template.replace("NOTE", note);
  print(`begin ${note}`);
  const policy = { text, change: "put", from: "the writer", operating_point: "fast" } as const;
  head = await store.put(pair, policy, head?.version ?? 0);
  print(`done ${note}`);
}
