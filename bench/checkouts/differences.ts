/**
 * Compares two behaviours, value by value.
 *
 * @param before By name, what the one does; every value is JSON.
 * @param after By name, what the other does.
 * @returns The number of names, and a line for each that differs: where, and what both say there.
 */
export function differencesOf(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): { readonly compared: number; readonly differences: string[] } {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const differences = names.flatMap((name) => {
    const at = firstDifference(before.get(name), after.get(name), []);
    return at ? [`${name}: ${at}`] : [];
  });
  return { compared: names.length, differences };
}

/** Members in their order, because the order of a text is part of it. */
function firstDifference(
  one: unknown,
  other: unknown,
  path: readonly string[],
): string | undefined {
  if (isTree(one) && isTree(other) && Array.isArray(one) === Array.isArray(other)) {
    const [keys, others] = [Object.keys(one), Object.keys(other)];
    if (keys.join("\n") !== others.join("\n")) {
      return `/${path.join("/")} has the members ${keys.join(", ")}, then ${others.join(", ")}`;
    }
    for (const key of keys) {
      const found = firstDifference(one[key], other[key], [...path, key]);
      if (found) return found;
    }
    return undefined;
  }
  if (Object.is(one, other)) return undefined;
  return `/${path.join("/")} was ${short(one)}, is ${short(other)}`;
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object";
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 120 ? `${text.slice(0, 120)}… (${text.length} characters)` : text;
}
