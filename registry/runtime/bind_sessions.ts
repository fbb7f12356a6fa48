import { bindModels } from "./bind_models.ts";
import { NodeUnavailableError, PluginError } from "../base/errors.ts";
import type { Graph } from "../pair/graph_inputs.ts";
import type { PairSpec } from "../pair/pair_spec.ts";
import { Batching } from "../walk/batching.ts";
import type { RunNode, WalkPlan } from "../walk/walk_plan.ts";
import type { Served, Session, TensorInfo } from "../base/backend.ts";
import { RemoteError } from "./backends/remote/remote_error.ts";

/** The inputs and outputs of a loaded model, and what runs it. */
export interface OpenModelInfo {
  /** What runs it. */
  readonly served: Served;
  /** What the model reads. */
  readonly inputs: readonly TensorInfo[];
  /** What the model gives. */
  readonly outputs: readonly TensorInfo[];
  /** Why the node cannot run for now, if it cannot: its model is elsewhere. */
  readonly away?: string | undefined;
}

/** Models that have been checked against their pair. */
export interface BoundSessions {
  /** What a walk needs; another one as soon as a model that was away has said what it reads. */
  readonly plan: WalkPlan;
  /** What has been found out of running several items at once since the plan was made. */
  readonly batching: Batching;
  /** Inputs and outputs of every model and what runs it, by node. */
  readonly infos: Readonly<Record<string, OpenModelInfo>>;
  /**
   * Runs a node's model.
   *
   * @throws {NodeUnavailableError} If it is elsewhere and does not answer as it should.
   */
  readonly run: RunNode;
  /** Asks the models that are away what they read, if it was not done just now. Never fails. */
  wake(): Promise<void>;
}

/** Requests ask for a model that is away no more often than this. */
const PAUSE_MS = 1000;

/**
 * Checks loaded models against their pair. A model elsewhere that is away is checked as soon as it has
 * said what it reads and gives; if it does not fit then, its node stays away and the others serve.
 *
 * @param pair The pair.
 * @param graph Its graph.
 * @param sessions A session for every node.
 * @param again Whether the pair served before, so that a model elsewhere that does not fit is away, too.
 * @returns The models.
 * @throws {PluginError} If a model does not fit.
 */
export function bindSessions(
  pair: PairSpec,
  graph: Graph,
  sessions: ReadonlyMap<string, Session>,
  again: boolean,
): BoundSessions {
  let away: ReadonlyMap<string, string> = new Map();
  let askedAt = -Infinity;
  const bind = (lenient: boolean): WalkPlan => {
    away = new Map([...sessions].flatMap(([node, session]) => {
      return session.away === undefined ? [] : [[node, session.away]];
    }));
    while (true) {
      try {
        return bindModels(pair, graph, describe(sessions, away));
      } catch (error) {
        const wrong = lenient && error instanceof PluginError
          ? suspects(error, sessions, away)
          : [];
        if (wrong.length === 0) throw error;
        away = new Map([...away, ...wrong.map((node) => [node, String(error)] as const)]);
      }
    }
  };
  let plan = bind(again);
  let batching = new Batching(plan.batched);
  return {
    get plan() {
      return plan;
    },
    get batching() {
      return batching;
    },
    get infos() {
      return describe(sessions, away);
    },
    async run(node, feeds) {
      const reason = away.get(node);
      if (reason !== undefined) throw new NodeUnavailableError(node, reason);
      try {
        return await (sessions.get(node) as Session).run(feeds);
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        throw new NodeUnavailableError(node, error.message, error.failure === "refused");
      }
    },
    async wake() {
      if (away.size === 0 || performance.now() - askedAt < PAUSE_MS) return;
      askedAt = performance.now();
      await Promise.all([...away.keys()].map((node) => sessions.get(node)?.describe?.()));
      plan = bind(true);
      batching = new Batching(plan.batched);
    },
  };
}

function describe(
  sessions: ReadonlyMap<string, Session>,
  away: ReadonlyMap<string, string>,
): Record<string, OpenModelInfo> {
  return Object.fromEntries(
    [...sessions].map(([node, { served, inputs, outputs }]) => [
      node,
      { served, inputs, outputs, away: away.get(node) },
    ]),
  );
}

/** The models elsewhere that may be at fault: the one that is named, else all. */
function suspects(
  { field }: PluginError,
  sessions: ReadonlyMap<string, Session>,
  away: ReadonlyMap<string, string>,
): string[] {
  const elsewhere = [...sessions].filter(([node, { served }]) =>
    served.backend === "remote" && !away.has(node)
  ).map(([node]) => node);
  const named = elsewhere.filter((node) => field.startsWith(`models.${node}.`));
  return named.length > 0 ? named : elsewhere;
}
