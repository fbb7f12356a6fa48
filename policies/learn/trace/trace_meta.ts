import { z } from "zod";
import { expectation } from "../../base/expectation.ts";
import { show } from "../../base/errors.ts";
import { alwaysBefore, GraphError, type OrderedGraph, orderGraph } from "../../base/graph_order.ts";
import { nodeName } from "../../schema_parts.ts";
import { START } from "../../base/evidence.ts";
import { TraceError } from "./trace_error.ts";
import type { Trace } from "./types.ts";

/** What a trace says of itself: everything that is not an array over examples. */
export interface TraceMeta
  extends Pick<Trace, "pair" | "nodes" | "successors" | "reads" | "full" | "models" | "measured"> {
  /** Number of classes; only said where not all logits are kept, as else their shape says it. */
  readonly classes?: number | undefined;
}

const node = nodeName.refine((name) => name !== START && name !== "exit", {
  message: "expected the name of a node, which cannot be start or exit",
});

const metaSchema = z.strictObject({
  format: z.literal(1, "expected 1, the format that this version reads"),
  pair: z.string().regex(
    /^[a-z0-9][a-z0-9-]{0,63}$/,
    "expected lower-case letters, digits and hyphens, at most 64",
  ),
  graph: z.record(nodeName, z.array(node)),
  full: z.string().optional(),
  models: z.record(
    node,
    z.string().regex(/^[0-9a-f]{64}$/, "expected SHA-256 in 64 lower-case hex digits"),
  ),
  reads: z.record(node, z.array(node)).optional(),
  measured: z.string().min(1, "expected where the costs were measured"),
  classes: z.int("expected a whole number").min(2, "expected two classes or more").optional(),
});

/**
 * Reads the text in a trace's array `meta`.
 *
 * @param text JSON.
 * @returns What it says, with a checked graph.
 * @throws {TraceError} If it says anything that cannot be; names the member.
 */
export function parseMeta(text: string): TraceMeta {
  const result = metaSchema.safeParse(parseJson(text), { reportInput: true, error: expectation });
  if (!result.success) throw refusal(result.error.issues[0] as z.core.$ZodIssue);
  const { pair, graph, models, reads = {}, measured, full, classes } = result.data;
  const ordered = order(graph, Object.keys(models));
  if (full !== undefined && full !== ordered.full) {
    throw wrong("full", `expected ${ordered.full}, the node that none follows, got ${show(full)}`);
  }
  checkReads(reads, ordered);
  return {
    pair,
    nodes: ordered.nodes,
    successors: ordered.successors,
    reads: Object.fromEntries(
      ordered.nodes.map((name) => [name, Object.hasOwn(reads, name) ? reads[name] ?? [] : []]),
    ),
    full: ordered.full,
    models: Object.fromEntries(ordered.nodes.map((name) => [name, models[name] as string])),
    measured,
    classes,
  };
}

/**
 * Writes the text of a trace's array `meta`.
 *
 * @param meta A trace, or what is not an array of it.
 * @returns JSON.
 */
export function formatMeta(meta: TraceMeta): string {
  const { pair, nodes, successors, full, models, reads, measured, classes } = meta;
  // In the order of the nodes, which is how a reader finds it again.
  const inOrder = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(nodes.map((name) => [name, record[name]]));
  const graph = { [START]: successors[START], ...inOrder(successors) };
  return JSON.stringify({
    format: 1,
    pair,
    graph,
    full,
    models: inOrder(models),
    reads: inOrder(reads),
    measured,
    classes,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TraceError(`expected JSON, got ${show(text)}`, { array: "meta" }, undefined, {
      cause,
    });
  }
}

function order(graph: Record<string, string[]>, nodes: readonly string[]): OrderedGraph {
  try {
    return orderGraph(graph, nodes);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw wrong(error.field, error.reason);
  }
}

function checkReads(reads: Readonly<Record<string, string[]>>, graph: OrderedGraph): void {
  const before = alwaysBefore(graph);
  for (const [name, read] of Object.entries(reads)) {
    if (!graph.nodes.includes(name)) {
      throw wrong(`reads.${name}`, `unknown node, expected one of ${graph.nodes.join(", ")}`);
    }
    read.forEach((earlier, index) => {
      if (before.get(name)?.has(earlier)) return;
      throw wrong(`reads.${name}.${index}`, `${earlier} has not run on every path to ${name}`);
    });
  }
}

/** Zod's issue in our words: the member at fault, what was expected and what it holds. */
function refusal(issue: z.core.$ZodIssue): TraceError {
  const field = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    return wrong([...issue.path, issue.keys[0]].join("."), "unknown member");
  }
  if (issue.code === "invalid_key") {
    return wrong(field, issue.issues[0]?.message ?? "this name is not allowed");
  }
  return wrong(field, `${issue.message}, got ${show(issue.input)}`);
}

function wrong(field: string, reason: string): TraceError {
  return new TraceError(field === "" ? reason : `${field}: ${reason}`, { array: "meta" });
}
