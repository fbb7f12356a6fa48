import { type TopClasses, topClasses } from "../../policies/mod.ts";
import type { PolicyChoice, RequestInput } from "../runtime/requests.ts";
import type { WorkerPool } from "../runtime/pool.ts";
import type { PolicySnapshot } from "../policy/snapshot.ts";
import type { Walked } from "../walk/walked.ts";
import type { LoggedAnswer } from "./answer_log.ts";
import { copyItems } from "./copy_items.ts";
import type { Monitor } from "./monitor.ts";

/** Where answers are compared. */
export interface ShadowContext {
  /** Name of the pair. */
  readonly pair: string;
  /** Its full model. */
  readonly full: string;
  /** What an answer has cost. */
  readonly costOf: (item: Walked) => number;
  /** The workers. */
  readonly pool: WorkerPool;
  /** How many workers must stay idle beside the one that is used. */
  readonly spare: number;
  /** Is told what came of it. */
  readonly monitor: Monitor;
}

/** The inputs of a request that were drawn, and what they were answered. */
export interface DrawnInputs {
  /** What answered them. */
  readonly policy: PolicySnapshot;
  /** A copy of the inputs, of their own buffer. */
  readonly input: RequestInput;
  /** Their routes. */
  readonly items: readonly Walked[];
  /** Their answers as the monitor knows them. */
  readonly logged: readonly LoggedAnswer[];
}

/**
 * Compares answers with the full model's in the background. Where the full model has answered, they
 * agree; for the others it runs in a worker, as soon as one is idle. If that fails, they are missing,
 * which the monitor counts for the side that makes each of its statements weaker. So are those that were
 * answered without a node that the policy chose: what the policy would have answered is not known, but to
 * leave them out would leave out just those that it sends on.
 *
 * After a fall-back to the full model it is the other way round: the point that failed is tried, so that
 * one sees whether it would do again.
 *
 * @param context Where.
 * @param drawn The inputs.
 */
export async function shadow(
  { pair, full, costOf, pool, spare, monitor }: ShadowContext,
  { policy, input, items, logged }: DrawnInputs,
): Promise<void> {
  const other = otherChoice(policy, full);
  const agrees = ({ exit }: Walked) => exit === full && policy.probation === undefined;
  const known: (TopClasses | undefined)[] = items.map((item, index) => {
    return agrees(item) && !item.degraded ? logged[index]?.answer : undefined;
  });
  const unknown = items.flatMap((item, index) => agrees(item) || item.degraded ? [] : [index]);
  let cost = 0;
  if (unknown.length > 0) {
    const request = { pair, policy: other, input: copyItems(input, unknown), strict: true };
    // A worker that crashes has no answer either; the pool tells the log.
    const reply = await pool.runIdle(request, spare).catch(() => undefined);
    unknown.forEach((index, place) => {
      const item = reply?.items[place];
      if (!item) return;
      known[index] = topClasses(item.logits);
      cost += costOf(item);
    });
  }
  monitor.compare(policy, logged, known, cost);
}

function otherChoice({ probation, id }: PolicySnapshot, full: string): PolicyChoice {
  return probation !== undefined && id !== undefined ? { id, point: probation } : { always: full };
}
