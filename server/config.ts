import { z } from "zod";
import { parseShare } from "../policies/mod.ts";
import { DEFAULT_SOURCE_RULES, type SourceRules } from "../registry/models/mod.ts";
import type { LogFormat, LogThreshold } from "./telemetry/log.ts";

/** Settings of a server, read from the environment. */
export interface Config {
  /** Port to listen on: `PORT`. */
  readonly port: number;
  /** Address to listen on: `HOST`. */
  readonly host: string;
  /** Folders of further plugins: `SLUICE_PLUGINS`, comma-separated. */
  readonly plugins: readonly string[];
  /** Number of workers: `SLUICE_WORKERS`. */
  readonly workers: number;
  /** Requests that may wait for a worker: `SLUICE_QUEUE`. */
  readonly queue: number;
  /** Largest request body in bytes: `SLUICE_MAX_BODY_BYTES`. */
  readonly maxBodyBytes: number;
  /** Most bytes of a model that is read from the network: `SLUICE_MAX_MODEL_BYTES`. */
  readonly maxModelBytes: number;
  /** Whether models are read from private addresses, and there over http: `SLUICE_PRIVATE_SOURCES`. */
  readonly privateSources: boolean;
  /** Most pixels of an image, before decoding: `SLUICE_MAX_PIXELS`. */
  readonly maxPixels: number;
  /** Most items of an inference request: `SLUICE_MAX_BATCH`. */
  readonly maxBatch: number;
  /** Origins that browsers may call from: `SLUICE_CORS_ORIGINS`, comma-separated, or `*`. */
  readonly corsOrigins: readonly string[];
  /** Where policies are kept: `SLUICE_STORE`. */
  readonly store: StoreKind;
  /** Folder of the policy documents: `SLUICE_POLICIES`; `policies/live/` unless given. */
  readonly policies: string | undefined;
  /** File of a local Deno KV database: `SLUICE_KV_PATH`; the runtime's own unless given. */
  readonly kvPath: string | undefined;
  /** Share of the inputs that are compared with the full model: `SLUICE_SHADOW`. */
  readonly shadow: number;
  /** Workers that must stay idle beside the one that compares: `SLUICE_SHADOW_SPARE`. */
  readonly shadowSpare: number;
  /** What happens when a policy no longer keeps what is certified of it: `SLUICE_ON_ALARM`. */
  readonly onAlarm: AlarmAction;
  /** Chance of a false alarm, for each version and quantity over all time: `SLUICE_ALARM_DELTA`. */
  readonly alarmDelta: number;
  /** Inputs that are remembered for labels: `SLUICE_FEEDBACK_INPUTS`. */
  readonly feedbackInputs: number;
  /** Seconds for which they are: `SLUICE_FEEDBACK_SECONDS`. */
  readonly feedbackSeconds: number;
  /** How lines of the log look: `SLUICE_LOG`. */
  readonly log: LogFormat;
  /** From which level on there are lines; a request is `info`: `SLUICE_LOG_LEVEL`. */
  readonly logLevel: LogThreshold;
  /** Whether Deno Deploy runs the server: `DENO_DEPLOY` or `DENO_DEPLOYMENT_ID` is set. */
  readonly onDeploy: boolean;
  /** Tokens that allow changes: `SLUICE_ADMIN_TOKEN`, comma-separated. */
  readonly adminTokens: readonly string[];
}

/**
 * What happens when a policy no longer keeps what is certified of it: a line in the log, or back to the
 * last version that kept its level, or to the full model.
 */
export type AlarmAction = "warn" | "rollback" | "full";

/**
 * Where policies are kept: `files`, Deno KV (`kv`), or this process (`memory`), which starts with the
 * files. `auto` is files, or memory where they cannot be written; on Deno Deploy it is the attached database,
 * or memory where there is none.
 */
export type StoreKind = (typeof STORE_KINDS)[number];

/** Every store that can be asked for, the default first. */
export const STORE_KINDS = ["auto", "files", "kv", "memory"] as const;

const ALARM_ACTIONS: readonly [AlarmAction, ...AlarmAction[]] = ["warn", "rollback", "full"];

const LOG_FORMATS: readonly [LogFormat, ...LogFormat[]] = ["text", "json"];

const LOG_LEVELS: readonly [LogThreshold, ...LogThreshold[]] = ["info", "warning", "error", "off"];

/** Each worker has a copy of every session: two take 430 MB with the shipped pairs, three 950. */
const DEFAULT_WORKERS = Math.max(1, Math.min(2, navigator.hardwareConcurrency));

function integer(fallback: number, min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z.string().optional()
    .transform((text) => text?.trim() ? Number(text) : fallback)
    .pipe(z.int(message).min(min, message).max(max, message));
}

function choice<const T extends string>(names: readonly [T, ...T[]]) {
  return z.string().optional().transform((text) => text?.trim() || names[0])
    .pipe(z.enum(names, `expected one of ${names.join(", ")}`));
}

function share(fallback: string, check: (value: number) => boolean, expected: string) {
  return z.string().optional().transform((text, context) => {
    try {
      const value = parseShare("it", text?.trim() || fallback);
      if (check(value)) return value;
    } catch {
      // Told below, as what is out of the range is.
    }
    context.issues.push({ code: "custom", message: expected, input: text });
    return z.NEVER;
  });
}

const list = z.string().optional().transform(parseList);

const optional = z.string().optional().transform((text) => text?.trim() || undefined);

const environmentSchema = z.object({
  PORT: integer(8000, 0, 65_535),
  HOST: z.string().optional().transform((text) => text || "127.0.0.1"),
  SLUICE_PLUGINS: list,
  SLUICE_WORKERS: integer(DEFAULT_WORKERS, 1, 64),
  SLUICE_QUEUE: integer(256, 0, 100_000),
  SLUICE_MAX_BODY_BYTES: integer(10 * 1024 * 1024, 1024, 1024 ** 3),
  SLUICE_MAX_MODEL_BYTES: integer(DEFAULT_SOURCE_RULES.maxBytes, 1024, 2 ** 31),
  SLUICE_PRIVATE_SOURCES: choice(["false", "true"]),
  SLUICE_MAX_PIXELS: integer(16_000_000, 1, 1_000_000_000),
  SLUICE_MAX_BATCH: integer(256, 1, 100_000),
  SLUICE_CORS_ORIGINS: list,
  SLUICE_STORE: choice(STORE_KINDS),
  SLUICE_POLICIES: optional,
  SLUICE_KV_PATH: optional,
  SLUICE_ADMIN_TOKEN: list.pipe(z.array(
    z.string().regex(
      /^[A-Za-z0-9._~+/-]+=*$/,
      "expected tokens of letters, digits and -._~+/, separated by commas",
    ),
  )),
  SLUICE_SHADOW: share("1%", () => true, "expected a share below 100%, such as 1% or 0.01"),
  SLUICE_SHADOW_SPARE: integer(1, 0, 64),
  SLUICE_ON_ALARM: choice(ALARM_ACTIONS),
  SLUICE_ALARM_DELTA: share(
    "1%",
    (value) => value > 0 && value <= 0.5,
    "expected more than 0% and at most 50%, such as 1% or 0.01",
  ),
  SLUICE_FEEDBACK_INPUTS: integer(10_000, 0, 1_000_000),
  SLUICE_FEEDBACK_SECONDS: integer(600, 1, 86_400),
  SLUICE_LOG: choice(LOG_FORMATS),
  SLUICE_LOG_LEVEL: choice(LOG_LEVELS),
  DENO_DEPLOY: z.string().optional(),
  DENO_DEPLOYMENT_ID: z.string().optional(),
});

/**
 * Reads a setting that is a list.
 *
 * @param text Its parts, separated by commas; none unless given.
 * @returns The parts without the spaces around them; empty ones are left out.
 */
function parseList(text: string | undefined = ""): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

/** Not to be repeated in an error. */
const SECRETS = ["SLUICE_ADMIN_TOKEN"];

/**
 * Reads the settings.
 *
 * @param get Gives the value of an environment variable.
 * @returns The settings.
 * @throws {RangeError} If a variable does not hold what is expected; names it and its value.
 */
export function readConfig(get: (name: string) => string | undefined): Config {
  const names = Object.keys(environmentSchema.shape);
  const values = Object.fromEntries(names.map((name) => [name, get(name)]));
  const result = environmentSchema.safeParse(values);
  if (!result.success) {
    const issue = result.error.issues[0];
    const name = String(issue?.path[0]);
    const value = SECRETS.includes(name) ? "" : `=${JSON.stringify(get(name))}`;
    throw new RangeError(`Cannot use ${name}${value}: ${issue?.message ?? "not understood"}`);
  }
  const environment = result.data;
  return {
    port: environment.PORT,
    host: environment.HOST,
    plugins: environment.SLUICE_PLUGINS,
    workers: environment.SLUICE_WORKERS,
    queue: environment.SLUICE_QUEUE,
    maxBodyBytes: environment.SLUICE_MAX_BODY_BYTES,
    maxModelBytes: environment.SLUICE_MAX_MODEL_BYTES,
    privateSources: environment.SLUICE_PRIVATE_SOURCES === "true",
    maxPixels: environment.SLUICE_MAX_PIXELS,
    maxBatch: environment.SLUICE_MAX_BATCH,
    corsOrigins: environment.SLUICE_CORS_ORIGINS,
    store: environment.SLUICE_STORE,
    policies: environment.SLUICE_POLICIES,
    kvPath: environment.SLUICE_KV_PATH,
    adminTokens: environment.SLUICE_ADMIN_TOKEN,
    shadow: environment.SLUICE_SHADOW,
    shadowSpare: environment.SLUICE_SHADOW_SPARE,
    onAlarm: environment.SLUICE_ON_ALARM,
    alarmDelta: environment.SLUICE_ALARM_DELTA,
    feedbackInputs: environment.SLUICE_FEEDBACK_INPUTS,
    feedbackSeconds: environment.SLUICE_FEEDBACK_SECONDS,
    log: environment.SLUICE_LOG,
    logLevel: environment.SLUICE_LOG_LEVEL,
    onDeploy: Boolean(environment.DENO_DEPLOY || environment.DENO_DEPLOYMENT_ID),
  };
}

/** What the settings say of models of the network. */
export function sourceRules({ maxModelBytes, privateSources }: Config): SourceRules {
  return { maxBytes: maxModelBytes, privateSources };
}
