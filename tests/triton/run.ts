/**
 * Runs Triton's Python client against the real server. Ends well, and says so, where there is no Python
 * or its packages cannot be had: CI may be such a place.
 */
import { fileURLToPath } from "node:url";
import { codeBlocks } from "../code_blocks.ts";
import { startMain } from "../server_process.ts";

const HERE = new URL("./", import.meta.url);
const VENV = fileURLToPath(new URL("../../work/triton-venv/", import.meta.url));
const VENV_PYTHON = `${VENV}bin/python`;

/** Runs a command; gives whether it succeeded. */
async function run(command: string, args: string[], stdout: "inherit" | "null"): Promise<boolean> {
  try {
    const options = { args, stdout, stderr: "inherit" } as const;
    return (await new Deno.Command(command, options).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function skip(reason: string): never {
  console.log(`skipped: ${reason}`);
  Deno.exit(0);
}

if (!await run("python3", ["-m", "venv", VENV], "null")) {
  skip("there is no python3 that can make a virtual environment");
}
const requirements = fileURLToPath(new URL("requirements.txt", HERE));
const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
if (!await run(VENV_PYTHON, [...install, "--requirement", requirements], "inherit")) {
  skip("Python's packages cannot be installed, see above");
}

await using server = await startMain({ SLUICE_STORE: "memory", SLUICE_WORKERS: "2" });
const { host } = new URL(server.address);
const test = fileURLToPath(new URL("client_test.py", HERE));
const examples = await codeBlocks("docs/protocol.md", "python", server.address);
let passed = await run(VENV_PYTHON, [test, "--verbose", host], "inherit");
for (const example of examples) {
  passed = await run(VENV_PYTHON, ["-c", example], "inherit") && passed;
}
await server.stop();
if (!passed) Deno.exit(1);
