import { z } from "zod";
import { expectation, show } from "../../policies/mod.ts";
import { BACKENDS } from "../base/backend.ts";
import { PluginError } from "../base/errors.ts";
import { imageSpecSchema } from "./image_spec.ts";
import {
  type InputSpec,
  MILLISECONDS,
  type ModelSpec,
  type PairSpec,
  type RemoteSpec,
} from "./pair_spec.ts";
import { type Declared, type Postprocess, preparationOf, type Preprocess } from "./plugin_code.ts";

const name = z.string().regex(
  /^[a-z0-9][a-z0-9-]{0,63}$/,
  "expected lower-case letters, digits and hyphens, at most 64",
);
const node = z.string().regex(
  /^(?!(?:start|exit)$)[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  "expected a node name: letters, digits, _ and -, not start or exit",
);

const nodeOrStart = z.string().regex(
  /^(?!exit$)[A-Za-z][A-Za-z0-9_-]{0,63}$/,
  "expected a node name or start: letters, digits, _ and -, not exit",
);

const parameterName = z.string().min(1, "Too small: expected string to have >=1 characters");
const parameter = z.union(
  [z.string(), z.number(), z.boolean()],
  "expected a string, a number, true or false",
);

const remoteSchema: z.ZodType<RemoteSpec> = z.strictObject({
  token: z.string().regex(
    /^SLUICE_[A-Z0-9_]+$/,
    "expected the name of an environment variable that begins with SLUICE_",
  ).optional(),
  timeoutMs: z.int().min(1).max(600_000).optional(),
  parameters: z.record(parameterName, parameter).optional(),
});

const isFunction = (value: unknown) => typeof value === "function";
const codeSchema = {
  preprocess: z.custom<Preprocess>(isFunction, "expected a function").optional(),
  postprocess: z.custom<Postprocess>(isFunction, "expected a function").optional(),
};

const modelSchema: z.ZodType<ModelSpec> = z.strictObject({
  source: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex digits").optional(),
  inputs: z.record(z.string(), z.string().min(1)).optional(),
  output: z.string().min(1).optional(),
  image: imageSpecSchema.optional(),
  backend: z.enum(BACKENDS).optional(),
  remote: remoteSchema.optional(),
  cost: z.number().positive().optional(),
  ...codeSchema,
});

/** Checks an {@linkcode InputSpec}. */
export const inputSpecSchema: z.ZodType<InputSpec> = z.strictObject({
  name: z.string().regex(/^[^.]+$/, "expected a name without a dot"),
  datatype: z.literal("FP32"),
  shape: z.array(z.int().positive()).min(1),
});

const pairSchema: z.ZodType<PairSpec> = z.strictObject({
  name,
  description: z.string().optional(),
  labels: z.array(z.string().min(1)).min(2),
  input: inputSpecSchema,
  image: imageSpecSchema.optional(),
  models: z.record(node, modelSchema),
  graph: z.record(nodeOrStart, z.array(node)),
  costUnit: z.string().regex(/^\S(.{0,14}\S)?$/, "expected a unit of 1 to 16 characters")
    .optional(),
  ...codeSchema,
});

/**
 * Checks what a plugin exports.
 *
 * @param value The default export of `pair.ts`.
 * @returns The pair.
 * @throws {PluginError} If a field is missing, unknown or out of range.
 */
export function parsePair(value: unknown): PairSpec {
  const result = pairSchema.safeParse(value, { reportInput: true, error: expectation });
  if (!result.success) throw refusal(result.error.issues[0] as z.core.$ZodIssue);
  const pair = result.data;
  checkCode("", pair);
  for (const [name, model] of Object.entries(pair.models)) {
    checkRemote(name, model);
    checkCost(name, model, pair.costUnit);
    checkCode(`models.${name}.`, model);
    const field = model.image ? `models.${name}.image.channels` : "image.channels";
    const { image } = preparationOf(pair, name);
    const [channels, ...size] = pair.input.shape;
    if (image && (size.length !== 2 || channels !== image.channels)) {
      throw new PluginError(
        field,
        `${image.channels} channels do not fit input.shape ${show(pair.input.shape)}, ` +
          "expected [channels, height, width]",
      );
    }
  }
  return pair;
}

/** Where a model is that is served elsewhere: no user, query or fragment, and the protocol's path. */
const REMOTE_SOURCE =
  /^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?\/v2\/models\/[^/?#\s]+(\/versions\/[^/?#\s]+)?\/?$/;

function checkRemote(node: string, { backend, source, remote }: ModelSpec): void {
  if (backend !== "remote") {
    if (remote === undefined) return;
    throw new PluginError(
      `models.${node}.remote`,
      `is given, but the backend is ${show(backend ?? BACKENDS[0])}, expected "remote"`,
    );
  }
  if (REMOTE_SOURCE.test(source) && URL.canParse(source)) return;
  throw new PluginError(
    `models.${node}.source`,
    `expected https://<host>/v2/models/<model>, or /versions/<version> after that, got ${
      show(source.replace(/\/\/.*@/, "//…@").replace(/([?#]).+/, "$1…"))
    }`,
  );
}

function checkCost(node: string, { cost }: ModelSpec, unit = MILLISECONDS): void {
  if (unit === MILLISECONDS || cost !== undefined) return;
  throw new PluginError(
    `models.${node}.cost`,
    `missing, expected what it costs in ${unit}: only milliseconds can be measured`,
  );
}

/** Code stands in the place of a declaration. */
function checkCode(prefix: string, place: Declared): void {
  const [code, declared] = place.preprocess && place.image
    ? ["preprocess", "image"]
    : place.postprocess && place.output
    ? ["postprocess", "output"]
    : [];
  if (!code) return;
  throw new PluginError(`${prefix}${code}`, `is given beside ${declared}, expected one of them`);
}

/** Zod's issue in our words: the field at fault, what was expected and what it holds. */
function refusal(issue: z.core.$ZodIssue): PluginError {
  const field = issue.path.join(".") || "default export";
  switch (issue.code) {
    case "unrecognized_keys":
      return new PluginError([...issue.path, issue.keys[0]].join("."), "unknown member");
    case "invalid_key":
      return new PluginError(field, issue.issues[0]?.message ?? "this name is not allowed");
  }
  // Who mistakes the field puts the token itself there, which is for no log.
  const got = field.endsWith(".remote.token") ? "another value" : show(issue.input);
  return new PluginError(field, `${issue.message}, got ${got}`);
}
