import { viewDecider } from "./decider.ts";
import type { PolicyDocument } from "./document.ts";
import { jsonPointer, PolicyError, show } from "./base/errors.ts";
import { START } from "./base/evidence.ts";
import { findStates, type State } from "./states.ts";
import { findMisfit } from "./view.ts";

/** What a policy must fit: a pair as far as policies know one. */
export interface PolicyTarget {
  /** Name of the pair. */
  readonly pair: string;
  /** SHA-256 of every model, in hex, by node. */
  readonly models: Readonly<Record<string, string>>;
  /** What may follow each node, `start` included; acyclic. */
  readonly successors: Readonly<Record<string, readonly string[]>>;
}

/** A policy that fits its pair. Plain data, so that it can be sent to a worker. */
export interface BoundPolicy {
  /** The document. */
  readonly document: PolicyDocument;
  /** Every state that the policy can lead to, `start` first. */
  readonly states: readonly State[];
}

/**
 * Checks a policy against the pair that it is for.
 *
 * @param document The policy, as {@linkcode parsePolicy} gives it.
 * @param target The pair's graph and the hashes of its models.
 * @returns The policy, ready for {@linkcode compileSelector}.
 * @throws {PolicyError} At stage `bind` if the policy was made for another pair or other weights,
 * names a node or an edge that the graph does not have, reads a node that has not run, leaves a
 * state that it leads to undecided, or has a point that does not fit its deciders.
 */
export function bindPolicy(document: PolicyDocument, target: PolicyTarget): BoundPolicy {
  if (document.pair !== target.pair) {
    fail(["pair"], `expected ${show(target.pair)}, got ${show(document.pair)}`);
  }
  checkModels(document, target);
  const successors = new Map(Object.entries(target.successors));
  for (const key of Object.keys(document.nodes)) checkKey(key, successors);
  checkActions(document, successors);
  checkPoints(document);
  checkCombine(document, successors);
  return { document, states: findStates(document, successors) };
}

function fail(path: readonly PropertyKey[], reason: string): never {
  throw new PolicyError("bind", jsonPointer(path), reason);
}

function checkModels(document: PolicyDocument, target: PolicyTarget): void {
  const known = new Map(Object.entries(document.models));
  for (const [model, hash] of Object.entries(target.models)) {
    if (known.get(model) !== hash) {
      const reason = `expected the hash of the pair's model, ${hash}`;
      fail(["models", model], `${reason}, got ${show(known.get(model))}`);
    }
    known.delete(model);
  }
  const [extra] = known.keys();
  if (extra !== undefined) {
    const models = Object.keys(target.models).join(", ");
    fail(["models", extra], `the pair has no model ${extra}, expected ${models}`);
  }
}

type Successors = ReadonlyMap<string, readonly string[]>;

function checkKey(key: string, successors: Successors): void {
  checkNodes(["nodes", key], key, successors);
  if (key.includes(">")) checkPath(["nodes", key], key, successors);
}

function checkNodes(at: readonly string[], key: string, successors: Successors): string[] {
  const path = key.split(">");
  const unknown = path.find((node) => !successors.has(node));
  if (unknown === undefined) return path;
  const nodes = [...successors.keys()].join(", ");
  fail(at, `there is no node ${unknown}, expected one of ${nodes}`);
}

function checkPath(at: readonly string[], key: string, successors: Successors): string[] {
  const path = checkNodes(at, key, successors);
  path.forEach((node, index) => {
    const before = path[index - 1] ?? START;
    if (!successors.get(before)?.includes(node)) {
      fail(at, `the graph has no edge ${before} → ${node}, expected a path from start`);
    }
  });
  return path;
}

function checkCombine({ combine }: PolicyDocument, successors: Successors): void {
  if (typeof combine !== "object") return;
  for (const [key, weights] of Object.entries(combine.weights)) {
    const at = ["combine", "weights", key];
    const path = checkPath(at, key, successors);
    if (weights.length !== path.length) {
      fail(at, `expected ${path.length} weights, one per node of the path, got ${weights.length}`);
    }
  }
}

function checkActions(document: PolicyDocument, successors: Successors): void {
  for (const [key, decider] of Object.entries(document.nodes)) {
    const node = key.split(">").at(-1) as string;
    const next = successors.get(node) ?? [];
    const expected = node === START ? next : ["exit", ...next];
    for (const { value, at } of viewDecider(decider).actions) {
      if (expected.includes(value)) continue;
      const reason = `the graph has no edge ${node} → ${value}`;
      fail(["nodes", key, ...at], `${reason}, expected one of ${expected.join(", ")}`);
    }
  }
}

function checkPoints(document: PolicyDocument): void {
  document.points.forEach((point, index) => {
    const path = ["points", index, "nodes"];
    const left = new Map(Object.entries(point.nodes));
    for (const [key, decider] of Object.entries(document.nodes)) {
      const thresholds = left.get(key);
      if (!thresholds) fail([...path, key], `missing, expected a setting for every decider`);
      const misfit = findMisfit(viewDecider(decider), thresholds);
      if (misfit) fail([...path, key, ...misfit.at], misfit.reason);
      left.delete(key);
    }
    const [extra] = left.keys();
    if (extra !== undefined) {
      const keys = Object.keys(document.nodes).join(", ");
      fail([...path, extra], `the policy has no decider ${extra}, expected ${keys}`);
    }
  });
}
