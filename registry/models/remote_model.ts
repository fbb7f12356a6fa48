import { createHash } from "node:crypto";
import { PluginError } from "../base/errors.ts";
import type { ModelSpec, PairSpec } from "../pair/pair_spec.ts";
import type { ModelFile } from "./model_file.ts";

/** Milliseconds for an answer, unless the plugin says otherwise. */
const TIMEOUT_MS = 2000;

/** A parameter of the Open Inference Protocol. */
export type Parameter = string | number | boolean;

/** Where a model is served and how to ask for it: what a remote backend loads in place of a file. */
export interface RemoteModel {
  /** URL of the model, which ends with `/v2/models/<model>` or `/versions/<version>` after that. */
  readonly url: string;
  /** Name of the environment variable with the bearer token. */
  readonly token?: string | undefined;
  /** Milliseconds for an answer, connecting included. */
  readonly timeoutMs: number;
  /** Sent with every request. */
  readonly parameters?: Readonly<Record<string, Parameter>> | undefined;
  /** Names of the inputs that the plugin declares. */
  readonly inputs: readonly string[];
  /** Name of the output with the logits; the only one or `logits` unless given. */
  readonly output?: string | undefined;
  /** Other outputs that are wanted: those that later nodes read. */
  readonly reads: readonly string[];
}

/**
 * Describes the model of a remote node. Nothing is asked of its server.
 *
 * @param node The node.
 * @param pair Its pair, which is checked.
 * @returns What takes the place of an ONNX file: the description in JSON, and what policies bind to.
 * That is the declared hash, else the hash of what the plugin says of the model: its name and version,
 * its inputs and outputs, but not where it is.
 * @throws {PluginError} If the environment has no token.
 */
export function describeRemote(node: string, pair: PairSpec): ModelFile {
  const { source, sha256, remote = {}, inputs, output } = pair.models[node] as ModelSpec;
  const { token, timeoutMs = TIMEOUT_MS, parameters } = remote;
  if (token !== undefined && !Deno.env.get(token)) {
    throw new PluginError(
      `models.${node}.remote.token`,
      `the environment has no ${token}, expected a variable with a bearer token`,
    );
  }
  const model: RemoteModel = {
    url: source.replace(/\/+$/, ""),
    token,
    timeoutMs,
    parameters,
    inputs: Object.keys(inputs ?? {}),
    output,
    reads: outputsRead(node, pair),
  };
  const text = JSON.stringify(model);
  const [, name, version] = /\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?$/.exec(model.url) ?? [];
  const { input, labels } = pair;
  const identity = { name, version, parameters, input, inputs, output, labels: labels.length };
  return {
    bytes: new TextEncoder().encode(text),
    sha256: sha256 ?? createHash("sha256").update(JSON.stringify(identity)).digest("hex"),
    key: text,
  };
}

/** Reads what {@linkcode describeRemote} has written. */
export function readRemoteModel(bytes: Uint8Array): RemoteModel {
  return JSON.parse(new TextDecoder().decode(bytes));
}

function outputsRead(node: string, pair: PairSpec): string[] {
  const read = Object.values(pair.models).flatMap(({ inputs = {} }) => Object.values(inputs))
    .filter((text) => text.startsWith(`${node}.`))
    .map((text) => text.slice(node.length + 1));
  return [...new Set(read)];
}
