import { applyEdits, modify } from "jsonc-parser";
import type { PolicyDocument } from "./document.ts";

/**
 * Chooses another operating point of a document and leaves the rest of its text as it is written.
 *
 * @param text The document.
 * @param document The same, parsed.
 * @param active Id of the point, or `always:<node>`; nobody checks it.
 * @returns The text of the changed document. It stays `certified` only if something is proved of the
 * old point, and all of it of the new one as well.
 */
export function activatePoint(text: string, document: PolicyDocument, active: string): string {
  const changes: [keyof PolicyDocument, unknown][] = [["active", active]];
  if (document.certified && !provesAsMuch(document, active)) changes.push(["certified", false]);
  const changed = changes.reduce(
    (current, [member, value]) => applyEdits(current, modify(current, [member], value, {})),
    text,
  );
  // A member that is written twice counts the last time, and is changed the first time.
  const counts = JSON.parse(changed);
  if (changes.every(([member, value]) => counts[member] === value)) return changed;
  return `${JSON.stringify({ ...document, ...Object.fromEntries(changes) }, null, 2)}\n`;
}

function provesAsMuch({ points, active: old }: PolicyDocument, active: string): boolean {
  const proofsOf = (id: string) => points.find((point) => point.id === id)?.certificates ?? [];
  const own = proofsOf(active);
  const asked = proofsOf(old);
  return asked.length > 0 &&
    asked.every(({ loss, alpha, delta }) =>
      own.some((proof) => proof.loss === loss && proof.alpha <= alpha && proof.delta <= delta)
    );
}
