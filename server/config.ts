import { z } from "zod";

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
  /** Most pixels of an image, before decoding: `SLUICE_MAX_PIXELS`. */
  readonly maxPixels: number;
  /** Most items of an inference request: `SLUICE_MAX_BATCH`. */
  readonly maxBatch: number;
  /** Origins that browsers may call from: `SLUICE_CORS_ORIGINS`, comma-separated, or `*`. */
  readonly corsOrigins: readonly string[];
}

/** Each worker holds a copy of every session: two take 430 MB with the shipped pairs, three 950. */
const DEFAULT_WORKERS = Math.max(1, Math.min(2, navigator.hardwareConcurrency));

function integer(fallback: number, min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z.string().optional()
    .transform((text) => text?.trim() ? Number(text) : fallback)
    .pipe(z.int(message).min(min, message).max(max, message));
}

const list = z.string().default("").transform((text) =>
  text.split(",").map((part) => part.trim()).filter((part) => part !== "")
);

const environmentSchema = z.object({
  PORT: integer(8000, 0, 65_535),
  HOST: z.string().optional().transform((text) => text || "127.0.0.1"),
  SLUICE_PLUGINS: list,
  SLUICE_WORKERS: integer(DEFAULT_WORKERS, 1, 64),
  SLUICE_QUEUE: integer(256, 0, 100_000),
  SLUICE_MAX_BODY_BYTES: integer(10 * 1024 * 1024, 1024, 1024 ** 3),
  SLUICE_MAX_PIXELS: integer(16_000_000, 1, 1_000_000_000),
  SLUICE_MAX_BATCH: integer(256, 1, 100_000),
  SLUICE_CORS_ORIGINS: list,
});

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
    throw new RangeError(
      `Cannot use ${name}=${JSON.stringify(get(name))}: ${issue?.message ?? "not understood"}`,
    );
  }
  const environment = result.data;
  return {
    port: environment.PORT,
    host: environment.HOST,
    plugins: environment.SLUICE_PLUGINS,
    workers: environment.SLUICE_WORKERS,
    queue: environment.SLUICE_QUEUE,
    maxBodyBytes: environment.SLUICE_MAX_BODY_BYTES,
    maxPixels: environment.SLUICE_MAX_PIXELS,
    maxBatch: environment.SLUICE_MAX_BATCH,
    corsOrigins: environment.SLUICE_CORS_ORIGINS,
  };
}
