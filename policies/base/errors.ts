/** The step at which a policy was refused. */
export type PolicyStage = "parse" | "schema" | "bind" | "dry_run";

/** A policy that cannot be used. Whatever served before goes on serving. */
export class PolicyError extends Error {
  /** The step at which it was refused. */
  readonly stage: PolicyStage;
  /** RFC 6901 JSON pointer to the offending member; empty for the whole document. */
  readonly pointer: string;
  /** What is wrong: the value and what was expected. */
  readonly reason: string;

  /** Describes what is wrong with which member. */
  constructor(stage: PolicyStage, pointer: string, reason: string, options?: ErrorOptions) {
    const place = pointer === "" ? "" : ` at ${pointer}`;
    super(`Cannot use policy: ${stage} failed${place}: ${reason}`, options);
    this.name = "PolicyError";
    this.stage = stage;
    this.pointer = pointer;
    this.reason = reason;
  }
}

/**
 * Writes a path of member names and indices as a JSON pointer.
 *
 * @param path Names and indices from the root.
 * @returns The RFC 6901 pointer.
 */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

/**
 * A value for use in an error message, cut to a readable length.
 *
 * @param value Any value.
 * @returns The value as JSON, or what JSON has no word for by its name.
 */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "number" ? String(value) : stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** JSON has no word for functions; it throws at big integers and cycles. */
function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
