import { parsePolicy, type PolicyDocument } from "../../../policies/mod.ts";
import { readText, ROOT } from "./project.ts";

/** The pair whose policy is changed here. */
const PAIR = "fashion-mnist";

/** Reads the policy that is live for a pair that ships with the project. */
export async function readLivePolicy(pair: string): Promise<PolicyDocument> {
  return parsePolicy(await readText(`policies/live/${pair}.json`));
}

/** Copies its file into a folder; gives the copy. */
export async function copyLivePolicy(folder: URL, pair = PAIR): Promise<URL> {
  const file = new URL(`${pair}.json`, folder);
  await Deno.copyFile(new URL(`policies/live/${pair}.json`, ROOT), file);
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

/** The same document as another one. */
export function withNote(text: string, note: string): string {
  const document = JSON.parse(text);
  return JSON.stringify({ ...document, provenance: { ...document.provenance, note } });
}

/** The note of a document, which has to be fit. */
export function noteOf(text: string): string | undefined {
  return parsePolicy(text).provenance.note;
}
