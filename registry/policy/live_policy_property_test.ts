import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { KEPT_VERSIONS } from "../../policies/stores/mod.ts";
import {
  REFUSED,
  type StartedPolicy,
  startLivePolicy,
  textOf,
} from "../../tests/harness/app/live_policy.ts";
import { settle } from "../../tests/harness/wait/settle.ts";

const FROM = { from: "a test" };

/** Something that may be done to a policy, by REST or by hand. */
type Step =
  | { readonly kind: "put" | "lay"; readonly text: string }
  | { readonly kind: "choose"; readonly active: string }
  | { readonly kind: "rollback"; readonly version: number | undefined };

const fit = fc.constantFrom("a", "b", "c").map((note) => textOf(note));
const unfit = fc.constantFrom(...Object.values(REFUSED));
const texts = fc.oneof({ weight: 3, arbitrary: fit }, { weight: 1, arbitrary: unfit });
const active = fc.constantFrom("fast", "accurate", "always:small", "faster");
const version = fc.option(fc.integer({ min: 0, max: 14 }), { nil: undefined });
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("put"), text: texts }),
  fc.record({ kind: fc.constant("lay"), text: texts }),
  fc.record({ kind: fc.constant("choose"), active }),
  fc.record({ kind: fc.constant("rollback"), version }),
);

/** What must be true of a policy: the texts of all its versions, and the refused one that lies there. */
interface Model {
  readonly texts: string[];
  readonly restores: (number | undefined)[];
  refused: string | undefined;
}

/** What becomes of a step: the text of the latest version then, or the class of the error. */
function expectOf(model: Model, step: Step): { text: string; restores?: number } | string {
  const { texts } = model;
  const head = texts.at(-1);
  if (step.kind === "put") {
    const isFit = !(Object.values(REFUSED) as string[]).includes(step.text);
    return isFit ? { text: step.text } : "PolicyError";
  }
  if (head === undefined) return "NoPolicyError";
  if (step.kind === "choose") {
    if (step.active === "faster") return "InvalidInputError";
    return { text: JSON.stringify({ ...JSON.parse(head), active: step.active }) };
  }
  const oldest = Math.max(1, texts.length - KEPT_VERSIONS + 1);
  const version = step.kind === "rollback" ? step.version ?? texts.length - 1 : NaN;
  if (version < oldest || version > texts.length) return "InvalidInputError";
  return { text: texts[version - 1] as string, restores: version };
}

/** A document that is laid there by hand counts as soon as it is seen, and lies there if it is unfit. */
function lay(model: Model, text: string): void {
  const outcome = expectOf(model, { kind: "put", text });
  model.refused = typeof outcome === "string" ? text : undefined;
  if (typeof outcome !== "string") append(model, outcome);
}

/** Whether a text becomes a version: that of the latest does not. */
function append({ texts, restores }: Model, next: { text: string; restores?: number }): boolean {
  if (texts.at(-1) === next.text) return false;
  texts.push(next.text);
  restores.push(next.restores);
  return true;
}

async function take({ live, store }: StartedPolicy, step: Step): Promise<boolean | string> {
  const change = () => {
    if (step.kind === "put") return live.replace(step.text, FROM);
    if (step.kind === "choose") return live.choose(step.active, FROM);
    if (step.kind === "rollback") return live.rollback(step.version, FROM);
    store.lay(step.text);
    return undefined;
  };
  try {
    return (await change())?.isNew ?? false;
  } catch (error) {
    return (error as Error).name;
  }
}

async function compare(
  { live }: StartedPolicy,
  { texts, restores, refused }: Model,
): Promise<void> {
  const { name, operatingPoint, rejected } = live.snapshot;
  const count = texts.length;
  const serves = count === 0 ? null : JSON.parse(texts[count - 1] as string).active;
  assertEquals([name, operatingPoint], [count === 0 ? "always:large" : `test@${count}`, serves]);
  if (refused === undefined) assertEquals(rejected, undefined);
  else assertMatch(rejected ?? "", /^Cannot use policy: .* \(the folder\)$/);

  const versions = await live.versions();
  assertEquals(versions.map(({ version }) => version), texts.map((_, i) => count - i));
  assertEquals(versions.map(({ restores }) => restores), restores.toReversed());
  const actives = texts.map((text) => JSON.parse(text).active);
  assertEquals(versions.map((entry) => entry.operating_point), actives.toReversed());
  const kept = await Promise.all(texts.map((_, index) => live.text(index + 1)));
  assertEquals(kept, texts.map((text, i) => i < count - KEPT_VERSIONS ? undefined : text));
}

Deno.test("LivePolicy does what a list of texts does, whatever is done to it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 30 }), async (history) => {
      using started = await startLivePolicy();
      const model: Model = { texts: [], restores: [], refused: undefined };
      for (const step of history) {
        const outcome = await take(started, step);
        await settle();
        if (step.kind === "lay") lay(model, step.text);
        else {
          const expected = expectOf(model, step);
          const isNew = typeof expected !== "string" && append(model, expected);
          if (isNew) model.refused = undefined;
          assertEquals(outcome, typeof expected === "string" ? expected : isNew);
        }
        await compare(started, model);
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("LivePolicy ends where the steps lead one after the other when they come at once", async () => {
  const changes = steps.filter(({ kind }) => kind !== "lay");
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { maxLength: 20 }), async (history) => {
      using started = await startLivePolicy();
      const model: Model = { texts: [], restores: [], refused: undefined };
      const outcomes = await Promise.all(history.map((step) => take(started, step)));
      const expected = history.map((step) => {
        const next = expectOf(model, step);
        return typeof next === "string" ? next : append(model, next);
      });
      assertEquals(outcomes, expected);
      await compare(started, model);
    }),
    { numRuns: 60 },
  );
});
