import { parsePolicy, type PolicyDocument } from "../../../policies/mod.ts";

/** The pair whose policy is changed here. */
const PAIR = "fashion-mnist";

/** The file of the policy that is live for a pair that ships with the project. */
function livePolicyFile(pair: string): URL {
  return new URL(`../../../policies/live/${pair}.json`, import.meta.url);
}

/** Reads the policy that is live for a pair that ships with the project. */
export async function readLivePolicy(pair: string): Promise<PolicyDocument> {
  return parsePolicy(await Deno.readTextFile(livePolicyFile(pair)));
}

/** Copies its file into a folder; gives the copy. */
export async function copyLivePolicy(folder: URL, pair = PAIR): Promise<URL> {
  const file = new URL(`${pair}.json`, folder);
  await Deno.copyFile(livePolicyFile(pair), file);
  return file;
}

/** What {@linkcode readPolicyText} may change. */
export interface PolicyChanges {
  /** The operating point. */
  readonly active?: string;
  /** How often it is certified to differ from the full model. */
  readonly bound?: number;
  /** Makes it another document that does the same. */
  readonly method?: string;
  /** Likewise. */
  readonly note?: string;
}

/** Reads the policy of `fashion-mnist` and changes it. */
export async function readPolicyText(
  { active, bound, ...changes }: PolicyChanges = {},
): Promise<string> {
  const document = await readLivePolicy(PAIR);
  const chosen = active ?? document.active;
  const points = document.points.map((point) => {
    if (point.id !== chosen || bound === undefined || !point.disagreement) return point;
    return { ...point, disagreement: { ...point.disagreement, bound } };
  });
  const provenance = { ...document.provenance, ...changes };
  return JSON.stringify({ ...document, active: chosen, points, provenance });
}

/** The note of a document, which has to be fit. */
export function noteOf(text: string): string | undefined {
  return parsePolicy(text).provenance.note;
}
