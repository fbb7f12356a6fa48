import { z } from "zod";
import { show } from "../../policies/mod.ts";
import { PluginError } from "../base/errors.ts";
import { type ImageSpec, imageSpecSchema } from "./image_spec.ts";
import {
  type Declared,
  type PluginCode,
  type Postprocess,
  preparationOf,
  type Preprocess,
} from "./plugin_code.ts";
import { type BackendName, BACKENDS } from "../base/backend.ts";

/** The unit of costs that are measured. */
export const MILLISECONDS = "ms";

/** How to ask for a model that is served elsewhere. */
export interface RemoteSpec {
  /**
   * Name of the environment variable that holds a bearer token; it begins with `SLUICE_`.
   *
   * @default none is sent
   */
  readonly token?: string | undefined;
  /**
   * Milliseconds for an answer, connecting included.
   *
   * @default 2000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Sent with every request, such as `{ policy: "always:large" }` for another Sluice.
   *
   * @default none
   */
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** One ONNX file and how to feed it, or a model that is served elsewhere. */
export interface ModelSpec extends PluginCode {
  /**
   * URL of the ONNX file; a relative one is resolved against `pair.ts`. Of a model elsewhere, its URL in
   * the Open Inference Protocol: `https://<host>/v2/models/<model>`, or `/versions/<version>` after that.
   */
  readonly source: string;
  /**
   * SHA-256 of the file in hex. Required for a file on the network. Of a model elsewhere it is taken for
   * granted, so that a policy learned with the file serves.
   */
  readonly sha256?: string | undefined;
  /**
   * What each input of the ONNX graph reads: the name of the request's input, or `<node>.<output>`
   * for an output of an earlier node.
   *
   * @default the model's only input reads the request
   */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  /**
   * Name of the ONNX output with the logits, shape [batch, labels].
   *
   * @default "logits", or the model's only output
   */
  readonly output?: string | undefined;
  /**
   * How images are prepared for this model.
   *
   * @default the pair's `image`
   */
  readonly image?: ImageSpec | undefined;
  /**
   * What runs the model. Where it cannot run here, another does, and the reason is shown. `remote` is a
   * server that speaks the Open Inference Protocol v2.
   *
   * @default "wasm"
   */
  readonly backend?: BackendName | undefined;
  /**
   * How to ask for a model that `remote` runs.
   *
   * @default without token and parameters, within 2 s
   */
  readonly remote?: RemoteSpec | undefined;
  /**
   * What one item costs, in the pair's `costUnit`.
   *
   * @default measured in milliseconds when the pair is loaded
   */
  readonly cost?: number | undefined;
}

/** The tensor that a request brings. */
export interface InputSpec {
  /** Name of the input in the Open Inference Protocol. */
  readonly name: string;
  /** Element type. */
  readonly datatype: "FP32";
  /** Shape of one item, without the batch dimension; `[channels, height, width]` for images. */
  readonly shape: readonly number[];
}

/** Which node may follow which. The pseudo-node `start` may list several first nodes. */
export type GraphSpec = Readonly<Record<string, readonly string[]>>;

/** A pair: two or more models that answer the same question, from cheap to expensive. */
export interface PairSpec extends PluginCode {
  /** Name in URLs: lower-case letters, digits and hyphens. */
  readonly name: string;
  /** One sentence for people who choose among pairs. */
  readonly description?: string | undefined;
  /** Class names, in the order of the logits. */
  readonly labels: readonly string[];
  /** The tensor that a request brings. */
  readonly input: InputSpec;
  /** How images become the input; without it the pair takes tensors only. */
  readonly image?: ImageSpec | undefined;
  /** The models by node name, from cheap to expensive. */
  readonly models: Readonly<Record<string, ModelSpec>>;
  /** Which node may follow which. */
  readonly graph: GraphSpec;
  /**
   * Unit of all costs of the pair. With any other than milliseconds, every model states its `cost`.
   *
   * @default "ms"
   */
  readonly costUnit?: string | undefined;
}

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
  parameters: z.record(z.string().min(1), parameter).optional(),
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
  const result = pairSchema.safeParse(value, { reportInput: true });
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
  const expected = issue.message.replace(/^[A-Z][a-z ]+: /, "").replace(/, received .*$/, "");
  // Who mistakes the field puts the token itself there, which is for no log.
  const got = field.endsWith(".remote.token") ? "another value" : show(issue.input);
  return new PluginError(field, `${expected}, got ${got}`);
}
