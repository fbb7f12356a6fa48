import type { RunningRequests } from "./running_requests.ts";

/** What there is to shut down. */
export interface Running {
  /** What accepts connections. */
  readonly server: Pick<Deno.HttpServer, "shutdown">;
  /** The requests that run. */
  readonly requests: Pick<RunningRequests, "idle">;
  /** What answers. */
  readonly services: {
    /** Refuses requests from now on. */
    drain(): void;
    /** Ends workers and stores; requests that still run are refused. */
    close(): void;
  };
  /** Receives one line for everything that an operator should know. */
  readonly log: (line: string) => void;
}

/** How long a shutdown may take. */
export interface Patience {
  /** Milliseconds that bodies under way have to arrive. */
  readonly uploadMs: number;
  /** Milliseconds after which what still runs is cut off, those for uploads included. */
  readonly graceMs: number;
}

/** Deno Deploy, as others do, kills 5 s after its signal. */
const PATIENCE: Patience = { uploadMs: 1_000, graceMs: 4_500 };
/** What refusals have to reach those who wait for them. */
const REFUSAL_MS = 200;
/** Ctrl-C at a terminal reaches the server twice when the task runner passes it on. */
const SAME_SIGNAL_MS = 250;

const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/**
 * Refuses what comes, lets what runs finish, stops listening, and closes the services.
 *
 * @param running What there is to shut down.
 * @param patience How long it may take.
 * @returns When everything is closed.
 */
export async function shutDown(
  { server, requests, services, log }: Running,
  { uploadMs, graceMs }: Patience = PATIENCE,
): Promise<void> {
  services.drain();
  const started = performance.now();
  // Deno 2.9 makes bodies that are still arriving unreadable as soon as it stops listening:
  // https://github.com/denoland/deno/issues/36809
  await within(uploadMs, requests.idle());
  const finished = server.shutdown();
  const inTime = await within(graceMs - (performance.now() - started), finished);
  if (!inTime) log(`requests still run ${graceMs / 1000} s after the signal: they are cut off`);
  services.close();
  if (!inTime) await within(REFUSAL_MS, finished);
}

/**
 * Waits for a signal to stop. A further one, later, ends the process at once.
 *
 * @returns The signal.
 */
export function stopSignal(): Promise<Deno.Signal> {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  let since = Infinity;
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      if (performance.now() - since > SAME_SIGNAL_MS) Deno.exit(1);
      since = Math.min(since, performance.now());
      resolve(signal);
    });
  }
  return promise;
}

/** Whether a promise is settled before the time is over. */
async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer;
  const over = new Promise<boolean>((resolve) => timer = setTimeout(resolve, ms, false));
  const inTime = await Promise.race([promise.then(() => true, () => true), over]);
  clearTimeout(timer);
  return inTime;
}
