import { createApp } from "../../../routes/mod.ts";
import {
  type Config,
  readConfig,
  type RunningServices,
  type StartOptions,
  startServices,
} from "../../../server/mod.ts";

/** The real app on the real models, without a socket. */
export interface TestApp {
  /** Sends a request. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a request and parses the answer, whatever its status. */
  // deno-lint-ignore no-explicit-any
  json(path: string, init?: RequestInit): Promise<any>;
  /** The services behind the app. */
  readonly services: RunningServices;
  /** What was logged. */
  readonly log: string[];
  /** Ends the workers. */
  [Symbol.dispose](): void;
}

/** Starts the app with two workers unless told otherwise, and waits until its pairs are settled. */
export async function startTestApp(
  settings: Partial<Config> = {},
  options: StartOptions = {},
): Promise<TestApp> {
  const log: string[] = [];
  // In memory, so that tests leave the live policies alone and every policy starts as version 1.
  const defaults: Partial<Config> = { workers: 2, store: "memory" };
  const config = { ...readConfig(() => undefined), ...defaults, ...settings };
  const services = await startServices(config, { log: (line) => log.push(line), ...options });
  await services.loaded;
  const app = createApp(services);
  const request = async (path: string, init?: RequestInit) =>
    await app.fetch(new Request(new URL(path, "http://sluice.test"), init));
  return {
    request,
    json: async (path, init) => await (await request(path, init)).json(),
    services,
    log,
    [Symbol.dispose]: () => services.close(),
  };
}
