/**
 * Lets schemathesis try the real server with requests that the OpenAPI document allows, and with others
 * that it does not, and hold every answer to the document; skipped where there is no Python.
 * What follows on the command line goes to schemathesis, such as `--seed 1`.
 */
import { fileURLToPath } from "node:url";
import { pythonEnvironment, succeeds } from "../harness/process/python.ts";
import { startMain } from "../harness/process/server_process.ts";

const HERE = new URL("./", import.meta.url);
const TOKEN = crypto.randomUUID();

const program = await pythonEnvironment("schemathesis-venv", new URL("requirements.txt", HERE));
await using server = await startMain({
  SLUICE_STORE: "memory",
  SLUICE_WORKERS: "2",
  SLUICE_ADMIN_TOKEN: TOKEN,
});
const settings = fileURLToPath(new URL("schemathesis.toml", HERE));
const options = ["--checks", "all", ...Deno.args];
const args = ["--config-file", settings, "run", `${server.address}/openapi.json`, ...options];
const passed = await succeeds(program("schemathesis"), args, {
  // Where it leaves what it has learned.
  cwd: new URL("../../work/", HERE),
  env: {
    SLUICE_ADDRESS: server.address,
    SLUICE_ADMIN_TOKEN: TOKEN,
    PYTHONPATH: fileURLToPath(HERE),
    PYTHONDONTWRITEBYTECODE: "1",
  },
});
await server.stop();
if (!passed) Deno.exit(1);
