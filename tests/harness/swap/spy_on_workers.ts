import { spy } from "@std/testing/mock";
import type { Call } from "../../../registry/runtime/mod.ts";

/** What workers have been told to hold. */
export interface WorkerSpy extends Disposable {
  /** Names of the policies that each worker holds, sorted. */
  retained(): string[][];
}

/** Watches what all workers are told until this is disposed of. */
export function spyOnWorkers(): WorkerSpy {
  const told = spy(Worker.prototype, "postMessage");
  return {
    retained: () => {
      const workers = Map.groupBy(told.calls, ({ self }) => self);
      return [...workers.values()].map((calls) => {
        const retained = new Set<string>();
        for (const { method, argument } of calls.map(({ args: [call] }) => call as Call)) {
          if (method === "setPolicy") retained.add((argument as { id: string }).id);
          if (method === "dropPolicy") retained.delete(argument as string);
        }
        return [...retained].toSorted();
      });
    },
    [Symbol.dispose]: () => told.restore(),
  };
}
