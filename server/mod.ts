/**
 * What runs the app: settings from the environment, the services behind the routes, telemetry, and an
 * orderly end.
 *
 * @example Settings, of which those that are not given have defaults
 * ```ts
 * import { readConfig } from "./mod.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const environment = new Map([["PORT", "9000"], ["SLUICE_SHADOW", "5%"]]);
 * const { port, host, shadow } = readConfig((name) => environment.get(name));
 * assertEquals([port, host, shadow], [9000, "127.0.0.1", 0.05]);
 *
 * environment.set("PORT", "many");
 * assertThrows(() => readConfig((name) => environment.get(name)), RangeError, "PORT");
 * ```
 *
 * @module
 */

export { banner } from "./banner.ts";
export {
  type AlarmAction,
  type Config,
  readConfig,
  sourceRules,
  STORE_KINDS,
  type StoreKind,
} from "./config.ts";
export { RunningRequests } from "./running_requests.ts";
export { type RunningServices, type StartOptions, startServices } from "./services.ts";
export { type Patience, type Running, shutDown, stopSignal } from "./shutdown.ts";
export { logEvent, type LogFormat, type LogThreshold, openLog } from "./telemetry/log.ts";
