import {
  downloadModel,
  shownSource,
  type SourceRules,
  WrongHashError,
} from "../../registry/models/mod.ts";
import type { StartProgress } from "../shared/progress.ts";
import type { WantedModel } from "./wanted.ts";

/** Somebody sees how far it has come, and can stop it. */
const TIMEOUT_MS = 3_600_000;

/**
 * Fetches a model and checks its hash.
 *
 * @param model The model.
 * @param progress Shows how far it has come, in megabytes.
 * @param rules What it may be.
 * @returns The file.
 * @throws {Error} If it cannot be fetched or has another hash; names its URL.
 */
export async function fetchModel(
  { url, sha256 }: WantedModel,
  progress: StartProgress,
  rules: SourceRules,
): Promise<Uint8Array> {
  const shown = shownSource(url.href);
  let bar: ReturnType<StartProgress> | undefined;
  const onProgress = (bytes: number, announced = 0) => {
    bar ??= progress(`${url.pathname}: MB`, Math.ceil(announced / 1e6));
    bar.update(Math.ceil(bytes / 1e6));
  };
  try {
    return await downloadModel(url, { ...rules, sha256, timeoutMs: TIMEOUT_MS, onProgress });
  } catch (cause) {
    const reason = cause instanceof WrongHashError
      ? `${shown} has SHA-256 ${cause.actual}, expected ${sha256}`
      : `cannot fetch ${shown}: ${(cause as Error).message}`;
    throw new Error(reason, { cause });
  } finally {
    bar?.stop();
  }
}
