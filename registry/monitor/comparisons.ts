import type { WorkerPool } from "../runtime/pool.ts";
import type { RequestInput } from "../runtime/requests.ts";
import { copyItems } from "./copy_items.ts";
import type { Monitor } from "./monitor.ts";
import { type DrawnInputs, shadow, type ShadowContext } from "./shadow.ts";

/** The items of a request that are to be compared with the full model. */
export interface Drawn {
  /** Their indices, ascending. */
  readonly indices: readonly number[];
  /** A copy of them; none where nothing is drawn, or too few workers are idle. */
  readonly copy: RequestInput | undefined;
  /** How many are not compared because too few workers are idle. */
  readonly skipped: number;
}

/** Compares some inputs of live traffic with the full model, on workers that would be idle otherwise. */
export class Comparisons {
  readonly #workers: Pick<ShadowContext, "pool" | "spare">;
  #closed = false;

  /**
   * Nothing is compared yet.
   *
   * @param pool The workers.
   * @param spare How many workers must stay idle beside the one that compares.
   */
  constructor(pool: WorkerPool, spare: number) {
    this.#workers = { pool, spare };
  }

  /**
   * Draws from a request before anything is known of its inputs, so that they are a random sample.
   *
   * @param monitor Draws.
   * @param input The request's input, whose buffer has not been moved yet.
   * @returns What is to be compared.
   */
  draw(monitor: Monitor, input: RequestInput): Drawn {
    const indices = monitor.draw(input.kind === "image" ? 1 : input.count);
    const { pool, spare } = this.#workers;
    const hasRoom = pool.idle > spare;
    const copy = hasRoom && indices.length > 0 ? copyItems(input, indices) : undefined;
    return { indices, copy, skipped: hasRoom ? 0 : indices.length };
  }

  /**
   * Compares what was drawn, when the answer is on its way and its worker is free.
   *
   * @param context The pair.
   * @param answered All answers of the request.
   * @param drawn What was drawn of it.
   */
  compareLater(
    context: Omit<ShadowContext, "pool" | "spare">,
    { policy, items, logged }: Omit<DrawnInputs, "input">,
    { indices, copy: input }: Drawn,
  ): void {
    if (!input) return;
    const pick = <T>(list: readonly T[]) => indices.map((index) => list[index] as T);
    setTimeout(() => {
      if (this.#closed) return;
      const drawn = { policy, input, items: pick(items), logged: pick(logged) };
      shadow({ ...context, ...this.#workers }, drawn);
    });
  }

  /** Begins no further comparison. */
  close(): void {
    this.#closed = true;
  }
}
