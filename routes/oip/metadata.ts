import type { PairEntry, PairSpec } from "../../registry/mod.ts";
import { describeInputs } from "./inputs.ts";
import type { IndexEntry, ModelMetadata, ServerMetadata } from "./metadata_schemas.ts";
import { describeOutputs } from "./outputs.ts";
import { VERSION } from "./version.ts";

/** The server, with the extensions that it has whole: there is no load and unload of models. */
export const SERVER: ServerMetadata = {
  name: "sluice",
  version: "0.1.0",
  extensions: ["binary_tensor_data", "classification", "parameters"],
};

const STATES = { ready: "READY", loading: "LOADING", failed: "UNAVAILABLE" } as const;

/** A pair as a model. */
export function describeModel(spec: PairSpec): ModelMetadata {
  return {
    name: spec.name,
    versions: [VERSION],
    platform: "sluice",
    inputs: describeInputs(spec),
    outputs: describeOutputs(spec),
  };
}

/** A pair in the index of the repository. */
export function describeEntry({ name, status, reason = "" }: PairEntry): IndexEntry {
  return { name, version: VERSION, state: STATES[status], reason };
}
