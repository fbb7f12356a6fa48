/**
 * The worker's entry: an {@linkcode Engine} behind messages.
 *
 * @module
 */

import { createBackends } from "./backends/backends.ts";
import { Engine } from "./engine.ts";
import type { RunWatch } from "./requests.ts";
import { type Call, encodeError, type Progress, type Reply } from "./messages.ts";

const engine = new Engine(createBackends());
const scope = self as unknown as {
  onmessage: (event: MessageEvent<Call>) => void;
  postMessage(message: Reply | Progress): void;
};

scope.onmessage = async ({ data }) => {
  try {
    const method = engine[data.method] as (
      argument: unknown,
      watch: RunWatch,
    ) => Promise<unknown>;
    const onWait = (waiting: boolean) => scope.postMessage({ id: data.id, waiting });
    const value = await method.call(engine, data.argument, { onWait });
    scope.postMessage({ id: data.id, ok: true, value });
  } catch (error) {
    scope.postMessage({ id: data.id, ok: false, error: encodeError(error) });
  }
};
