import { locations, type PairEntry, type Registry } from "../registry/mod.ts";

/** The pair of the sample image, by which the banner shows how to ask. */
const SAMPLE_PAIR = "fashion-mnist";

/**
 * What the server prints when it is up: its address, the pairs and their state, and a line to paste.
 *
 * @param registry The pairs.
 * @param address The server's base URL, without a trailing slash.
 * @returns The text, several lines.
 */
export function banner(registry: Pick<Registry, "list">, address: string): string {
  const entries = registry.list();
  const width = Math.max(...entries.map((entry) => entry.name.length), 0);
  const pairs = entries.map((entry) => `  ${entry.name.padEnd(width)}  ${describe(entry)}`);
  const lines = [`Sluice serves on ${address}`, "", ...pairs];
  if (entries.length === 0) lines.push("  no plugin was found");
  const isReady = entries.some((entry) => entry.name === SAMPLE_PAIR && entry.status === "ready");
  if (isReady && locations.sample !== undefined) {
    lines.push(
      "",
      "Try it:",
      `  curl -F file=@${locations.sample} ${address}/v1/pairs/${SAMPLE_PAIR}/classify`,
    );
  }
  return lines.join("\n");
}

function describe({ status, reason, loaded }: PairEntry): string {
  if (!loaded) return `${status.padEnd(6)}  ${reason ?? ""}`;
  const { name, operatingPoint } = loaded.live.snapshot;
  const point = operatingPoint === null ? "" : ` (${operatingPoint})`;
  return `${status.padEnd(6)}  ${Object.keys(loaded.models).join(", ")}; policy ${name}${point}`;
}
