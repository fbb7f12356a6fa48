/**
 * The worker's entry: an {@linkcode Engine} behind messages.
 *
 * @module
 */

import { createBackends } from "./backends.ts";
import { Engine } from "./engine.ts";
import { type Call, encodeError, type Reply } from "./messages.ts";

const engine = new Engine(createBackends());
const scope = self as unknown as {
  onmessage: (event: MessageEvent<Call>) => void;
  postMessage(reply: Reply): void;
};

scope.onmessage = async ({ data }) => {
  try {
    const method = engine[data.method] as (argument: unknown) => Promise<unknown>;
    const value = await method.call(engine, data.argument);
    scope.postMessage({ id: data.id, ok: true, value });
  } catch (error) {
    scope.postMessage({ id: data.id, ok: false, error: encodeError(error) });
  }
};
