import { parseArgs } from "node:util";

/**
 * Reads options that are whole numbers from 1 off the command line.
 *
 * @param defaults Every option with its default.
 * @returns Every option with its value.
 * @throws {RangeError} If a value is no such number.
 */
export function readCounts<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  const { values } = parseArgs({
    args: Deno.args,
    options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
  });
  const read = (name: Name): number => {
    const value = Number(values[name] ?? defaults[name]);
    if (Number.isInteger(value) && value > 0) return value;
    throw new RangeError(`Cannot use --${name} ${values[name]}: expected a whole number from 1`);
  };
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, number>;
}
