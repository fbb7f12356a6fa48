import { fileURLToPath } from "node:url";
import { readStartArguments } from "./start_flags.ts";
import { ROOT } from "../files/project.ts";

/** The real server as a process of its own; killed, if it still runs, when disposed of. */
export interface ServerProcess extends AsyncDisposable {
  /** Its base URL, without a trailing slash. */
  readonly address: string;
  /** Its process. */
  readonly pid: number;
  /** What it has printed so far. */
  output(): string;
  /** How it ended, once it has. */
  readonly ended: Promise<Deno.CommandStatus>;
  /** Ends it with SIGTERM and waits until it has ended. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL, which no process can notice, and waits until it has ended. */
  kill(): Promise<void>;
}

/** Where and with what a server is started. */
export interface Surroundings {
  /** The settings. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The working directory.
   *
   * @default this project
   */
  readonly cwd?: URL;
  /**
   * Whether nothing is taken over from this process's environment.
   *
   * @default false
   */
  readonly clearEnv?: boolean;
}

/**
 * Starts `deno task start` on a free port and waits for the banner. Cannot be killed, only stopped.
 *
 * @param env The settings.
 * @param cwd The project, or a copy of it.
 */
export function startTask(
  env: Readonly<Record<string, string>> = {},
  cwd: URL = ROOT,
): Promise<ServerProcess> {
  return startDeno(["task", "start"], { env, cwd });
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
  const args = (await readStartArguments()).filter((word) => !word.startsWith("--allow-write"));
  if (write) args.splice(1, 0, `--allow-write=${fileURLToPath(write)}`);
  return await startDeno(args, { env });
}

/** Starts Deno with these arguments, which make it serve, and waits for the banner. */
export async function startDeno(
  args: string[],
  { env = {}, cwd = ROOT, clearEnv = false }: Surroundings,
): Promise<ServerProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    clearEnv,
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
  child.status.then(() => running = false);
  const end = async (signal: Deno.Signal) => {
    if (running) child.kill(signal);
    running = false;
    await ended;
  };
  return {
    address,
    pid: child.pid,
    output: () => all,
    ended: ended.then(([, , status]) => status),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end("SIGTERM"),
  };
}
