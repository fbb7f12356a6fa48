/** The commands of docs/protocol.md, run against the real server. */
import { assert, assertEquals } from "@std/assert";
import { codeBlocks } from "../harness/files/code_blocks.ts";
import { startMain } from "../harness/process/server_process.ts";
import { outputOf } from "../harness/process/run_command.ts";

Deno.test("every command of docs/protocol.md works as it is written", async () => {
  await using server = await startMain({ SLUICE_STORE: "memory" });
  const blocks = await codeBlocks("docs/protocol.md", "sh", server.address);
  const answers: string[] = [];
  for (const block of blocks) {
    answers.push(await outputOf("sh", ["-ec", block]));
  }
  const [asked = "", inJson = "", inBinary = ""] = answers;
  assert(asked.endsWith('"state":"READY","reason":""}]'), asked);
  const { id, outputs: [label, , route] } = JSON.parse(inJson);
  assertEquals([id, label.name, label.data.length], ["42", "label", 1]);
  const { parameters, outputs: [logits] } = JSON.parse(inBinary);
  assertEquals([parameters.route, logits.shape], [route.data[0], [1, 10]]);
});
