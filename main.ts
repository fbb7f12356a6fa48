/**
 * Sluice: an edge function that answers each request with the cheapest model that is good enough
 * for it. `deno task start` serves it; hosts that call `fetch` themselves import this module.
 *
 * @module
 */

import { type App, createApp } from "./routes/mod.ts";
import {
  banner,
  type Config,
  logEvent,
  openLog,
  readConfig,
  RunningRequests,
  type RunningServices,
  shutDown,
  startServices,
  stopSignal,
} from "./server/mod.ts";

interface Server {
  readonly config: Config;
  readonly services: RunningServices;
  readonly app: App;
}

let server: Promise<Server> | undefined;

/** Started by the first request or by `deno task start`, never by the import alone. */
function start(): Promise<Server> {
  return server ??= open();
}

async function open(): Promise<Server> {
  const config = readConfig((name) => Deno.env.get(name));
  openLog(config.log, config.logLevel, (line) => console.error(line));
  const services = await startServices(config);
  return { config, services, app: createApp(services) };
}

async function serve(): Promise<void> {
  const { config: { port, host }, services, app } = await start();
  const requests = new RunningRequests();
  const server = Deno.serve({
    port,
    hostname: host,
    onListen: async (address) => {
      const name = address.hostname.includes(":") ? `[${address.hostname}]` : address.hostname;
      console.log(`Listening on http://${name}:${address.port}, loading the pairs ...`);
      await services.loaded;
      console.log(`\n${banner(services.registry, `http://${name}:${address.port}`)}\n`);
    },
  }, (request, info) => requests.run(() => app.fetch(request, info)));
  logEvent(`${await stopSignal()}: no more requests are taken, those that run may finish`);
  await shutDown({ server, requests, services, log: logEvent });
  Deno.exit(0);
}

/** For hosts that call it themselves; the first request starts the workers. */
export default {
  /** Answers one request. */
  async fetch(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response> {
    return (await start()).app.fetch(request, info);
  },
};

if (import.meta.main) {
  try {
    // Awaited, so that `deno serve` does not start a second server for the export above.
    await serve();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const inUse = error instanceof Deno.errors.AddrInUse;
    console.error(inUse ? `${message}; choose another port with PORT` : message);
    Deno.exit(1);
  }
}
