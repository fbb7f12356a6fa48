import {
  discoverPlugins,
  folderUrl,
  listedPlugins,
  locations,
  type Log,
  manifest,
  type Plugin,
  Registry,
  type WatchOptions,
} from "../registry/mod.ts";
import type { Services } from "../routes/mod.ts";
import { type Config, sourceRules } from "./config.ts";
import { openPolicyStore } from "./policy_store.ts";
import { ServerTelemetry } from "./telemetry/telemetry.ts";

/** The running parts of a server. */
export interface RunningServices extends Services {
  /** Resolves when every plugin is ready or failed. */
  readonly loaded: Promise<void>;
  /** Refuses requests from now on; those that run are not affected. */
  drain(): void;
  /** Ends the workers and closes the store of policies. */
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
    policies = config.policies === undefined ? locations.policies : folderUrl(config.policies),
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
    sources: sourceRules(config),
    watch: watchOptions(config),
    log,
    onInference: telemetry.inferred,
  });
  telemetry.watch(registry);
  return {
    registry,
    config,
    telemetry,
    loaded: findPlugins(plugins, config, log).then((found) => registry.load(found)),
    drain: () => registry.drain(),
    close: () => {
      registry.close();
      opened[Symbol.dispose]();
    },
  };
}

/** Those of the build; in a checkout those of the folders. */
async function findPlugins(
  folders: readonly URL[],
  config: Config,
  log: (line: string) => void,
): Promise<Plugin[]> {
  if (!manifest) return await discoverPlugins([...folders, ...config.plugins.map(folderUrl)], log);
  if (config.plugins.length > 0) {
    log("SLUICE_PLUGINS is read by deno task build: this server has the plugins of its build");
  }
  return listedPlugins(manifest, locations.models);
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
