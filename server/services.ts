import { pathToFileURL } from "node:url";
import { FilePolicyStore } from "../policies/mod.ts";
import { discoverPlugins, Registry } from "../registry/mod.ts";
import type { Services } from "../routes/mod.ts";
import type { Config } from "./config.ts";

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
   * @default standard error
   */
  readonly log?: (line: string) => void;
  /**
   * Where the policy documents lie.
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
 */
export function startServices(config: Config, options: StartOptions = {}): RunningServices {
  const {
    log = (line) => console.error(line),
    policies = new URL("../policies/live/", import.meta.url),
    plugins = [new URL("../registry/plugins/", import.meta.url)],
    models,
  } = options;
  const { workers, queue } = config;
  const store = new FilePolicyStore(policies);
  const registry = new Registry({ workers, queue, policies: store, models, log });
  const folders = [...plugins, ...config.plugins.map(folderUrl)];
  return {
    registry,
    config,
    loaded: discoverPlugins(folders, log).then((found) => registry.load(found)),
    close: () => registry.close(),
  };
}

function folderUrl(path: string): URL {
  return pathToFileURL(path.endsWith("/") ? path : `${path}/`);
}
