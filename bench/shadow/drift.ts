import { round } from "../../cli/shared/mod.ts";
import { startMain } from "../../tests/harness/process/server_process.ts";
import { type Ask, askAbout } from "./loads.ts";
import { readVersion } from "./read_report.ts";
import { spoil, type Spoilt } from "./spoil.ts";

const TOKEN = "bench";
const POLICY = "/v1/pairs/fashion-mnist/policy";
/** Requests after the fall-back, which it must answer. */
const AFTER = 200;

/** What {@linkcode simulateDrift} needs. */
export interface DriftOptions {
  /** Images as they are, as PNG files. */
  readonly images: readonly Uint8Array<ArrayBuffer>[];
  /** How they are spoilt. */
  readonly spoilt: Spoilt;
  /** What an alarm does. */
  readonly onAlarm: "rollback" | "full";
  /** Share of the inputs that are compared, such as `20%`. */
  readonly shadow: string;
  /** Requests before they are spoilt. */
  readonly clean: number;
  /** Most requests with spoilt images. */
  readonly most: number;
}

/** What became of it. */
export interface DriftRow {
  readonly images: Spoilt;
  readonly on_alarm: "rollback" | "full";
  /** Clean requests, with which nothing should happen. */
  readonly clean: number;
  /** Whether the alarm fired on them all the same. */
  readonly false_alarm: boolean;
  /** How often clean answers differ from the full model's. */
  readonly clean_rate: number | null;
  /** What is certified of that. */
  readonly limit: number | null;
  /** Spoilt requests that the policy answered, until the fall-back did; null if it never did. */
  readonly requests: number | null;
  /** Comparisons of spoilt images until the alarm. */
  readonly comparisons: number | null;
  /** How often spoilt answers differed. */
  readonly spoilt_rate: number | null;
  /** What served then. */
  readonly serves: string;
  /** How many of the requests after that it answered. */
  readonly answered: string;
  readonly failed: number;
}

/**
 * Sends images as they are to a server of its own, then spoilt ones until the alarm has acted. Before that
 * p2 serves for a moment, so that there is a version to go back to.
 *
 * @param options See {@linkcode DriftOptions}.
 * @returns What became of it.
 */
export async function simulateDrift(options: DriftOptions): Promise<DriftRow> {
  const { images, spoilt, onAlarm, shadow, clean, most } = options;
  await using server = await startMain({
    SLUICE_ADMIN_TOKEN: TOKEN,
    SLUICE_ON_ALARM: onAlarm,
    SLUICE_SHADOW: shadow,
    SLUICE_STORE: "memory",
    SLUICE_WORKERS: "2",
  });
  const { address } = server;
  for (const active of ["p2", "p5"]) await choose(address, active);
  const policy = "fashion-mnist@3";
  let failed = 0;
  const send = async (ask: Ask, count: number, until: (policy: string | undefined) => boolean) => {
    for (let sent = 0; sent < count; sent++) {
      const answer = await ask();
      failed += Number(answer.policy === undefined);
      if (until(answer.policy)) return sent;
    }
    return undefined;
  };
  const early = await send(askAbout(address, images), clean, (name) => name !== policy);
  const before = await readVersion(address, policy);
  const ask = askAbout(address, images.map((image) => spoil(image, spoilt)));
  const requests = await send(ask, most, (name) => name !== undefined && name !== policy);
  let answered = 0;
  const next = await ask();
  await send(ask, AFTER, (name) => {
    answered += Number(name !== undefined && name === next.policy && name !== policy);
    return false;
  });
  const { disagreement: { n, rate, limit, alarm } } = await readVersion(address, policy);
  const old = before.disagreement;
  const differed = (n * (rate ?? 0) - old.n * (old.rate ?? 0)) / (n - old.n);
  return {
    images: spoilt,
    on_alarm: onAlarm,
    clean,
    false_alarm: early !== undefined,
    clean_rate: old.rate === null ? null : round(old.rate, 4),
    limit: limit === null ? null : round(limit, 4),
    requests: requests ?? null,
    comparisons: alarm?.at ? alarm.at - old.n : null,
    spoilt_rate: n > old.n ? round(differed, 4) : null,
    serves: (await readVersion(address)).operating_point,
    answered: `${answered} of ${AFTER}`,
    failed,
  };
}

async function choose(address: string, active: string): Promise<void> {
  const response = await fetch(`${address}${POLICY}`, {
    method: "PATCH",
    headers: { "authorization": `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ active }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot choose ${active}: ${response.status} ${text}`);
}
