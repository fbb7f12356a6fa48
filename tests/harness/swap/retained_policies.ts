import type { Call } from "../../../registry/runtime/messages.ts";

/** Workers in place of the runtime's, which know what policies they have been told to hold. */
export interface WatchedWorkers extends Disposable {
  /** Names of the policies that each worker holds, sorted. */
  retained(): string[][];
}

/** Watches all workers that are started until this is disposed of. */
export function watchWorkers(): WatchedWorkers {
  const { Worker } = globalThis;
  const retained: Set<string>[] = [];
  globalThis.Worker = class extends Worker {
    readonly #retained = new Set<string>();

    constructor(...options: ConstructorParameters<typeof Worker>) {
      super(...options);
      retained.push(this.#retained);
    }

    override postMessage(
      call: Call,
      options?: Transferable[] | StructuredSerializeOptions,
    ): void {
      if (call.method === "setPolicy") this.#retained.add((call.argument as { id: string }).id);
      if (call.method === "dropPolicy") this.#retained.delete(call.argument as string);
      super.postMessage(call, options as Transferable[]);
    }
  };
  return {
    retained: () => retained.map((ids) => [...ids].toSorted()),
    [Symbol.dispose]: () => {
      globalThis.Worker = Worker;
    },
  };
}
