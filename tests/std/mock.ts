/**
 * Stands in for `jsr:@std/testing/mock` where JSR cannot be reached: the same names, order of parameters
 * and meaning, and only what the tests use. `jsr.json` beside it leads to the original.
 *
 * @module
 */

import { assertEquals, AssertionError } from "./assert.ts";

// deno-lint-ignore no-explicit-any
type Any = any;

/** A function cannot be spied on, or is no longer. */
export class MockError extends Error {
  override readonly name = "MockError";
}

/** One call of a spy. */
export interface SpyCall<Self = Any, Args extends unknown[] = Any[], Return = Any> {
  /** What it was called with. */
  args: Args;
  /** What it gave; missing if it threw. */
  returned?: Return;
  /** What it threw. */
  error?: Error;
  /** The object of which it was called as a method. */
  self?: Self;
}

/** A function that records its calls. */
export interface Spy<Self = Any, Args extends unknown[] = Any[], Return = Any> {
  (this: Self, ...args: Args): Return;
  /** The function that is spied on. */
  original: (this: Self, ...args: Args) => Return;
  /** Its calls so far. */
  calls: SpyCall<Self, Args, Return>[];
  /** Whether the method is the original again. */
  readonly restored: boolean;
  /** Puts the original back, if this is a method. */
  restore(): void;
}

/** A method that records its calls until it is disposed of. */
export interface MethodSpy<Self = Any, Args extends unknown[] = Any[], Return = Any>
  extends Spy<Self, Args, Return>, Disposable {}

/** Another function in the place of a method, which records its calls until it is disposed of. */
export interface Stub<Self = Any, Args extends unknown[] = Any[], Return = Any>
  extends MethodSpy<Self, Args, Return> {
  /** What is called in place of the original. */
  fake: (this: Self, ...args: Args) => Return;
}

/** Arguments of a method. */
export type GetParametersFromProp<Self, Prop extends keyof Self> = Self[Prop] extends
  (...args: infer Args) => unknown ? Args : unknown[];

/** What a method returns. */
export type GetReturnFromProp<Self, Prop extends keyof Self> = Self[Prop] extends
  (...args: Any[]) => infer Return ? Return : unknown;

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Makes a spy that does nothing. */
export function spy<Self = Any, Args extends unknown[] = Any[], Return = undefined>(): Spy<
  Self,
  Args,
  Return
>;
/** Makes a spy of a function. */
export function spy<Self, Args extends unknown[], Return>(
  func: (this: Self, ...args: Args) => Return,
): Spy<Self, Args, Return>;
/** Makes a spy of a method, in its place. */
export function spy<Self, Prop extends keyof Self>(
  self: Self,
  property: Prop,
): MethodSpy<Self, GetParametersFromProp<Self, Prop>, GetReturnFromProp<Self, Prop>>;
export function spy(first: unknown = () => undefined, property?: PropertyKey): unknown {
  if (property !== undefined) return replace("spy on", first as object, property);
  return recorderOf(first as Method, first as Method, () => {
    throw new MockError("Cannot restore: function cannot be restored");
  }).recorder;
}

/** Puts a function that does nothing, or the given one, in the place of a method. */
export function stub<Self, Prop extends keyof Self>(
  self: Self,
  property: Prop,
  func?: (
    this: Self,
    ...args: GetParametersFromProp<Self, Prop>
  ) => GetReturnFromProp<Self, Prop>,
): Stub<Self, GetParametersFromProp<Self, Prop>, GetReturnFromProp<Self, Prop>> {
  const fake = func ?? (() => undefined);
  return replace("stub", self as object, property, fake as Method) as never;
}

/** Fails unless a spy has been called so many times. */
export function assertSpyCalls(spy: Spy, expectedCalls: number): void {
  const { length } = spy.calls;
  if (length === expectedCalls) return;
  const how = length < expectedCalls ? "not called as much as" : "called more than";
  const message = `Spy ${how} expected: ${length} times, expected ${expectedCalls}`;
  throw new AssertionError({ message, actual: length, expected: expectedCalls });
}

/** Fails unless a call of a spy has these arguments; gives them. */
export function assertSpyCallArgs<ExpectedArgs extends unknown[]>(
  spy: Spy,
  callIndex: number,
  expected: ExpectedArgs,
): ExpectedArgs {
  const call = spy.calls[callIndex];
  if (!call) throw new AssertionError({ message: "Spy not called as much as expected" });
  assertEquals(call.args, expected);
  return call.args as ExpectedArgs;
}

/** Replaces a method by a recorder of itself, or of another function. */
function replace(what: string, self: object, property: PropertyKey, fake?: Method): MethodSpy {
  const original = Reflect.get(self, property);
  const isMissing = original === undefined && fake !== undefined;
  if (typeof original !== "function" && !isMissing) {
    throw new MockError(`Cannot ${what}: property is not an instance method`);
  }
  if (isSpy(original)) throw new MockError(`Cannot ${what}: already spying on instance method`);
  const own = Object.getOwnPropertyDescriptor(self, property);
  if (own?.configurable === false) {
    throw new MockError(`Cannot ${what}: non-configurable instance method`);
  }
  const { recorder, end } = recorderOf(fake ?? original, original, () => {
    if (recorder.restored) {
      throw new MockError("Cannot restore: instance method already restored");
    }
    if (own) Object.defineProperty(self, property, own);
    else Reflect.deleteProperty(self, property);
    end();
  });
  const dispose = { [Symbol.dispose]: () => recorder.restore() };
  Object.assign(recorder, dispose, fake && { fake });
  const { enumerable = false, writable = false } = own ?? {};
  Object.defineProperty(self, property, {
    value: recorder,
    configurable: true,
    enumerable,
    writable,
  });
  return recorder as unknown as MethodSpy;
}

function recorderOf(run: Method, original: Method, restore: () => void) {
  const calls: SpyCall[] = [];
  let restored = false;
  const recorder = function (this: unknown, ...args: unknown[]): unknown {
    const call: SpyCall = { args, ...(this !== undefined && { self: this }) };
    try {
      call.returned = run.apply(this, args);
    } catch (error) {
      call.error = error as Error;
      throw error;
    } finally {
      calls.push(call);
    }
    return call.returned;
  };
  Object.defineProperty(recorder, "restored", { get: () => restored });
  const spy = Object.assign(recorder, { original, calls, restore }) as unknown as Spy;
  return { recorder: spy, end: () => void (restored = true) };
}

function isSpy(func: unknown): boolean {
  return typeof func === "function" && "original" in func && "restored" in func;
}
