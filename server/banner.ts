import type { PairEntry, Registry } from "../registry/mod.ts";

/** A sample image that ships with the project, by which the banner shows how to ask. */
const SAMPLE = { pair: "fashion-mnist", file: "registry/plugins/fashion-mnist/samples/0001.png" };

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
  const sample = entries.find((entry) => entry.name === SAMPLE.pair && entry.status === "ready");
  if (sample) {
    lines.push(
      "",
      "Try it:",
      `  curl -F file=@${SAMPLE.file} ${address}/v1/pairs/${SAMPLE.pair}/classify`,
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
