import { activatePoint, ALWAYS_PREFIX, parsePolicy, show } from "../../policies/mod.ts";
import { KEPT_VERSIONS, type PolicyStore, type StoredPolicy } from "../../policies/stores/mod.ts";
import { InvalidInputError } from "../base/errors.ts";
import type { Graph } from "../pair/graph_inputs.ts";
import type { FallBack } from "./policy_change.ts";
import { preparePolicy, type PreparePolicyContext } from "./prepare_policy.ts";

/** What the next version is made of. */
export interface NextText {
  /** The document. */
  readonly text: string;
  /** The earlier version that has it. */
  readonly restores?: number;
}

/** Where earlier versions are looked for. */
interface Versions {
  readonly pair: string;
  readonly store: PolicyStore;
}

/**
 * The latest version with another active point.
 *
 * @param head The latest version.
 * @param active The point.
 * @param graph The pair's graph.
 * @returns The document; the same text where that is its point already.
 * @throws {InvalidInputError} If there is no such point.
 */
export function textAtPoint({ text }: StoredPolicy, active: string, graph: Graph): string {
  const document = parsePolicy(text);
  const expected = [
    ...document.points.map(({ id }) => id),
    ...graph.nodes.map((node) => `${ALWAYS_PREFIX}${node}`),
  ];
  if (!expected.includes(active)) {
    const reason = `there is no operating point ${show(active)}`;
    throw new InvalidInputError("active", `${reason}, expected one of ${expected.join(", ")}`);
  }
  return active === document.active ? text : activatePoint(text, document, active);
}

/**
 * An earlier version.
 *
 * @param head The latest version.
 * @param version The number of the earlier; that of the one before the latest unless given.
 * @param versions Where it is looked for.
 * @returns The document and its number.
 * @throws {InvalidInputError} If it is not kept.
 */
export async function textOfVersion(
  head: StoredPolicy,
  version: number | undefined,
  { pair, store }: Versions,
): Promise<Required<NextText>> {
  const trail = await store.versions(pair);
  const kept = trail.slice(0, KEPT_VERSIONS).map((entry) => entry.version);
  const restores = version ?? kept.find((other) => other < head.version);
  const text = restores !== undefined && kept.includes(restores)
    ? await store.text(pair, restores)
    : undefined;
  if (restores === undefined || text === undefined) {
    const reason = `is ${show(restores)}, expected one of ${kept.join(", ")}`;
    throw new InvalidInputError("version", reason);
  }
  return { text, restores };
}

/**
 * What takes the place of a version that no longer keeps what is certified of it.
 *
 * @param head The version.
 * @param fall What is wanted.
 * @param context Its pair.
 * @returns An earlier version that kept its level, if that is wanted and there is a fit one; else the same
 * document with the full model as its active point.
 */
export async function textToFallBackTo(
  head: StoredPolicy,
  { to, keptItsLevel }: Pick<FallBack, "to" | "keptItsLevel">,
  context: PreparePolicyContext & Versions,
): Promise<NextText> {
  const earlier = to === "rollback"
    // A store that cannot be read has none.
    ? await lastThatKeptItsLevel(head, keptItsLevel, context).catch(() => undefined)
    : undefined;
  if (earlier) return earlier;
  const full = `${ALWAYS_PREFIX}${context.graph.full}`;
  return { text: activatePoint(head.text, parsePolicy(head.text), full) };
}

async function lastThatKeptItsLevel(
  head: StoredPolicy,
  keptItsLevel: (policy: string) => boolean,
  context: PreparePolicyContext & Versions,
): Promise<NextText | undefined> {
  const { pair, store } = context;
  for (const { version, sha256 } of (await store.versions(pair)).slice(1, KEPT_VERSIONS)) {
    if (sha256 === head.sha256 || !keptItsLevel(`${pair}@${version}`)) continue;
    const text = await store.text(pair, version);
    const fits = text !== undefined &&
      await preparePolicy(text, context).then(() => true, () => false);
    if (fits) return { text, restores: version };
  }
  return undefined;
}
