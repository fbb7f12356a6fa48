/**
 * Runs Triton's Python client against the real server; skipped where there is no Python.
 */
import { fileURLToPath } from "node:url";
import { codeBlocks } from "../harness/files/code_blocks.ts";
import { pythonEnvironment, succeeds } from "../harness/process/python.ts";
import { startMain } from "../harness/process/server_process.ts";

const HERE = new URL("./", import.meta.url);

const program = await pythonEnvironment("triton-venv", new URL("requirements.txt", HERE));
await using server = await startMain({ SLUICE_STORE: "memory", SLUICE_WORKERS: "2" });
const { host } = new URL(server.address);
const test = fileURLToPath(new URL("client_test.py", HERE));
const examples = await codeBlocks("docs/protocol.md", "python", server.address);
let passed = await succeeds(program("python"), [test, "--verbose", host]);
for (const example of examples) {
  passed = await succeeds(program("python"), ["-c", example]) && passed;
}
await server.stop();
if (!passed) Deno.exit(1);
