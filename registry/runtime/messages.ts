import {
  InvalidInputError,
  NodeUnavailableError,
  PluginCodeError,
  PluginError,
} from "../base/errors.ts";
import { PolicyError, type PolicyStage } from "../../policies/mod.ts";
import type { Engine } from "./engine.ts";

/** The methods of {@linkcode Engine}. */
export type Method =
  | "load"
  | "unload"
  | "measure"
  | "measureNode"
  | "tryPolicy"
  | "setPolicy"
  | "dropPolicy"
  | "run";

/** What a method takes. */
export type Argument<M extends Method> = Parameters<Engine[M]>[0];

/** What a method gives. */
export type Value<M extends Method> = Awaited<ReturnType<Engine[M]>>;

/** A call of one of the engine's methods. */
export interface Call {
  /** Pairs the reply with the call. */
  readonly id: number;
  /** The method. */
  readonly method: Method;
  /** Its argument. */
  readonly argument: unknown;
}

/** The answer to a {@linkcode Call}. */
export type Reply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: WireError };

/** What a worker tells of a call before it replies: whether it waits, and leaves the thread to others. */
export interface Progress {
  /** The call. */
  readonly id: number;
  /** Whether it waits from now on. */
  readonly waiting: boolean;
}

/** An error as it crosses a worker's boundary, where classes are lost. */
export interface WireError {
  /** Name of the class. */
  readonly name: string;
  /** What happened. */
  readonly message: string;
  /** The field at fault, for errors that have one. */
  readonly field?: string | undefined;
  /** What is wrong with the field. */
  readonly reason?: string | undefined;
  /** The node that is not available, and whether it only refused this input. */
  readonly unavailable?: { readonly node: string; readonly refused: boolean } | undefined;
  /** The step at which a policy was refused, and the member at fault. */
  readonly policy?: { readonly stage: PolicyStage; readonly pointer: string } | undefined;
}

/** Makes an error ready for sending. */
export function encodeError(error: unknown): WireError {
  if (
    error instanceof PluginError || error instanceof PluginCodeError ||
    error instanceof InvalidInputError
  ) {
    const { name, message, field, reason } = error;
    return { name, message, field, reason };
  }
  if (error instanceof NodeUnavailableError) {
    const { name, message, node, reason, refused } = error;
    return { name, message, reason, unavailable: { node, refused } };
  }
  if (error instanceof PolicyError) {
    const { name, message, stage, pointer, reason } = error;
    return { name, message, reason, policy: { stage, pointer } };
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message };
}

/** Makes an error that was sent an instance of its class again. */
export function decodeError(wire: WireError): Error {
  const { name, field = "", reason = "", policy, unavailable } = wire;
  if (unavailable) {
    return new NodeUnavailableError(unavailable.node, reason, unavailable.refused);
  }
  if (policy) return new PolicyError(policy.stage, policy.pointer, reason);
  if (name === "PluginError") return new PluginError(field, reason);
  if (name === "PluginCodeError") return new PluginCodeError(field, reason);
  if (name === "InvalidInputError") return new InvalidInputError(field, reason);
  return new Error(wire.message);
}
