import { show } from "../../policies/mod.ts";
import { PluginCodeError } from "../base/errors.ts";
import type { PairSpec } from "./pair_spec.ts";
import type { PluginCode } from "./plugin_code.ts";

/** A call of a plugin's function, and what it must give. */
export interface CodeCall {
  /** Calls it. */
  run(): unknown;
  /** How many numbers it must give. */
  readonly length: number;
  /** What they are for, in words. */
  readonly what: string;
}

/**
 * Calls a plugin's function and checks what it gives.
 *
 * @param pair The pair.
 * @param node The node that it is called for.
 * @param name Which of the functions.
 * @param call The call.
 * @returns What it gave: `call.length` finite numbers.
 * @throws {PluginCodeError} If the function throws or gives something else.
 */
export async function callCode(
  pair: PairSpec,
  node: string,
  name: keyof PluginCode,
  { run, length, what }: CodeCall,
): Promise<Float32Array> {
  const fail = (reason: string, options?: ErrorOptions) => {
    const field = pair.models[node]?.[name] ? `models.${node}.${name}` : name;
    return new PluginCodeError(
      field,
      `failed for node ${node} of ${pair.name}: ${reason}`,
      options,
    );
  };
  let result: unknown;
  try {
    result = await run();
  } catch (cause) {
    throw fail(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  if (!(result instanceof Float32Array) || result.length !== length) {
    throw fail(`it gave ${nameOf(result)}, expected a Float32Array of ${length} for ${what}`);
  }
  const wrong = result.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw fail(`it gave ${result[wrong]} at ${wrong}, expected finite numbers`);
  return result;
}

function nameOf(value: unknown): string {
  const isList = Array.isArray(value) || value instanceof Float32Array;
  return isList ? `${value.constructor.name} of ${value.length}` : show(value);
}
