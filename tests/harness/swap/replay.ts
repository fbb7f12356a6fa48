import {
  bindPolicy,
  compileSelector,
  type Evidence,
  parsePolicy,
  type PolicyTarget,
  type Selector,
  START,
} from "../../../policies/mod.ts";
import { parsePair } from "../../../registry/mod.ts";
import { runAll } from "../../../registry/walk/mod.ts";
import { createBackends, openModels, SessionCache } from "../../../registry/runtime/mod.ts";
import { readModels } from "../../../registry/models/mod.ts";
import { shippedPlugin } from "../files/plugins.ts";
import type { Outcome, Reply } from "./load.ts";
import { versionOf } from "./swapper.ts";

/** What all networks of a pair answer to some images. */
export interface Recorded {
  /** The pair as policies know it. */
  readonly target: PolicyTarget;
  /** Logits by node, for every image. */
  readonly answers: readonly Evidence["logits"][];
}

/** What a version must have answered. */
interface Version {
  readonly point: string;
  readonly selector: Selector;
}

/**
 * Runs all networks of a pair that ships with the project, without server or worker.
 *
 * @param name Name of the pair.
 * @param inputs The images.
 * @returns What the networks answer.
 */
export async function record(name: string, inputs: readonly Float32Array[]): Promise<Recorded> {
  const plugin = new URL("pair.ts", shippedPlugin(name));
  const pair = parsePair((await import(plugin.href)).default);
  const files = await readModels(pair, plugin);
  const { plan, run, release } = await openModels(new SessionCache(createBackends()), {
    pair,
    models: files,
  });
  const answers = [];
  for (const data of inputs) {
    const tensor = { datatype: "FP32", shape: [1, ...pair.input.shape], data } as const;
    const logits = await runAll(plan, () => Promise.resolve(tensor), run);
    answers.push(new Map(Object.entries(logits)));
  }
  await release();
  const models = Object.fromEntries(
    Object.entries(files).map(([node, { sha256 }]) => [node, sha256]),
  );
  return { target: { pair: name, models, successors: plan.graph.successors }, answers };
}

/** Computes again what a server has answered, from the text of the version that an answer names. */
export class Replay {
  readonly #recorded: ReadonlyMap<string, Recorded>;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #versions = new Map<string, Version>();

  /**
   * Takes what is known.
   *
   * @param recorded What the networks answer, by pair.
   * @param texts Text of every version, by name.
   */
  constructor(recorded: ReadonlyMap<string, Recorded>, texts: ReadonlyMap<string, string>) {
    this.#recorded = recorded;
    this.#texts = texts;
  }

  /**
   * Compares an answer with what the version that it names must have answered: operating point, route
   * and every digit; and that the version had not been replaced when the request was sent.
   *
   * @param outcome The request and its answer.
   * @returns What is wrong; undefined if nothing is, or if there is no answer.
   */
  disagreement({ pair, sample, after, reply }: Outcome): string | undefined {
    if ("failure" in reply) return undefined;
    const shown = `${reply.policy} to image ${sample}`;
    const version = reply.policy.startsWith(`${pair}@`) ? this.#version(reply.policy) : undefined;
    if (!version) return `${shown}: nobody has put that version of ${pair}`;
    if (versionOf(reply.policy) < after) return `${shown}: ${pair}@${after} served already`;
    const expected = this.#answer(pair, sample, reply.policy, version);
    for (const member of ["point", "route", "logits"] as const) {
      const [got, wanted] = [String(reply[member]), String(expected[member])];
      if (got !== wanted) return `${shown}: ${member} is ${got}, expected ${wanted}`;
    }
  }

  #version(name: string): Version | undefined {
    const known = this.#versions.get(name);
    const text = this.#texts.get(name);
    if (known || text === undefined) return known;
    const document = parsePolicy(text);
    const { target } = this.#recorded.get(document.pair) as Recorded;
    const selector = compileSelector(bindPolicy(document, target));
    const version = { point: document.active, selector };
    this.#versions.set(name, version);
    return version;
  }

  #answer(pair: string, sample: number, policy: string, { point, selector }: Version): Reply {
    const answers = this.#recorded.get(pair)?.answers[sample];
    const path: string[] = [];
    const logits = new Map<string, Float32Array>();
    for (let node = START;;) {
      const action = selector.decide(node, { path, logits });
      if (action === "exit") break;
      logits.set(action, answers?.get(action) as Float32Array);
      path.push(action);
      node = action;
    }
    const combined = selector.answer?.({ path, logits }) as Float32Array;
    return { policy, point, route: path.join(">"), logits: Array.from(combined) };
  }
}
