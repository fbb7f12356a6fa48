import { fileURLToPath } from "node:url";
import { startArguments } from "./start_flags.ts";

const ROOT = new URL("../", import.meta.url);

/** The real server as a process of its own; killed, if it still runs, when disposed of. */
export interface ServerProcess extends AsyncDisposable {
  /** Its base URL, without a trailing slash. */
  readonly address: string;
  /** What it has printed so far. */
  output(): string;
  /** Ends it with SIGTERM and waits until it has ended. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL, which no process can notice, and waits until it has ended. */
  kill(): Promise<void>;
}

/**
 * Starts `deno task start` on a free port and waits for the banner. Cannot be killed, only stopped.
 *
 * @param env The settings.
 * @param root The project, or a copy of it.
 */
export function startTask(
  env: Readonly<Record<string, string>> = {},
  root: URL = ROOT,
): Promise<ServerProcess> {
  return start(["task", "start"], env, root);
}

/**
 * Starts `main.ts` with the flags of `deno task start` on a free port and waits for the banner.
 *
 * @param env The settings.
 * @param write The folder that it may write to in place of `policies/live`; none unless given.
 */
export async function startMain(
  env: Readonly<Record<string, string>>,
  write?: URL,
): Promise<ServerProcess> {
  const args = (await startArguments()).filter((word) => !word.startsWith("--allow-write"));
  if (write) args.splice(1, 0, `--allow-write=${fileURLToPath(write)}`);
  return await start(args, env);
}

async function start(
  args: string[],
  env: Readonly<Record<string, string>>,
  root: URL = ROOT,
): Promise<ServerProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { PORT: "0", SLUICE_WORKERS: "1", NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let [all, printed] = ["", ""];
  const ready = Promise.withResolvers<void>();
  const collect = async (stream: ReadableStream<Uint8Array>, found: (text: string) => void) => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      all += chunk;
      found(chunk);
    }
  };
  const ended = Promise.all([
    collect(child.stdout, (text) => {
      printed += text;
      if (printed.includes("Sluice serves on") && printed.endsWith("\n\n")) ready.resolve();
    }),
    collect(child.stderr, () => {}),
    child.status,
  ]);
  ended.then(() => ready.reject(new Error(`the server ended:\n${all}`)));
  await ready.promise;
  const [, address = ""] = printed.match(/Sluice serves on (\S+)/) ?? [];
  let running = true;
  const end = async (signal: Deno.Signal) => {
    if (running) child.kill(signal);
    running = false;
    await ended;
  };
  return {
    address,
    output: () => all,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end("SIGTERM"),
  };
}
