import { pathToFileURL } from "node:url";
import { discoverPlugins, type Log, Registry, type WatchOptions } from "../registry/mod.ts";
import type { Services } from "../routes/mod.ts";
import type { Config } from "./config.ts";
import { openPolicyStore } from "./policy_store.ts";
import { ServerTelemetry } from "./telemetry/telemetry.ts";

/** The running parts of a server. */
export interface RunningServices extends Services {
  /** Resolves when every plugin is ready or failed. */
  readonly loaded: Promise<void>;
  /** Ends the workers. */
  close(): void;
}

/** Options of {@linkcode startServices}. */
export interface StartOptions {
  /**
   * Receives one line for everything that an operator should know.
   *
   * @default the log of the process
   */
  readonly log?: Log;
  /**
   * Where the policy documents lie, in place of the setting.
   *
   * @default `policies/live/`
   */
  readonly policies?: URL;
  /**
   * Where models of the network are kept by their hash.
   *
   * @default `models/`
   */
  readonly models?: URL;
  /**
   * Folders of plugins that come before those of the settings.
   *
   * @default `registry/plugins/`
   */
  readonly plugins?: readonly URL[];
}

/**
 * Starts the workers and begins to load the plugins.
 *
 * @param config The settings.
 * @param options For tests: other folders, another log.
 * @returns The services; they answer at once, pairs become ready one by one.
 * @throws {RangeError} If the store of policies that the settings ask for cannot be opened.
 */
export async function startServices(
  config: Config,
  options: StartOptions = {},
): Promise<RunningServices> {
  const {
    log: write,
    policies = config.policies === undefined
      ? new URL("../policies/live/", import.meta.url)
      : folderUrl(config.policies),
    plugins = [new URL("../registry/plugins/", import.meta.url)],
    models,
  } = options;
  const { workers, queue } = config;
  const telemetry = new ServerTelemetry(write);
  const { log } = telemetry;
  const opened = await openPolicyStore(config, policies, log);
  const { store, seed } = opened;
  const registry = new Registry({
    workers,
    queue,
    policies: store,
    seed,
    models,
    watch: watchOptions(config),
    log,
    onInference: telemetry.inferred,
  });
  telemetry.watch(registry);
  const folders = [...plugins, ...config.plugins.map(folderUrl)];
  return {
    registry,
    config,
    telemetry,
    loaded: discoverPlugins(folders, log).then((found) => registry.load(found)),
    close: () => {
      registry.close();
      opened[Symbol.dispose]();
    },
  };
}

function watchOptions(config: Config): WatchOptions {
  const { workers, shadow, shadowSpare, onAlarm, alarmDelta } = config;
  return {
    // Of so many workers none could ever be taken.
    shadow: workers > shadowSpare ? shadow : 0,
    spare: shadowSpare,
    onAlarm,
    delta: alarmDelta,
    answers: { capacity: config.feedbackInputs, ms: 1000 * config.feedbackSeconds },
  };
}

function folderUrl(path: string): URL {
  return pathToFileURL(path.endsWith("/") ? path : `${path}/`);
}
