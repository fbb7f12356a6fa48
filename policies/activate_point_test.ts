import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { activatePoint } from "./activate_point.ts";
import type { Certificate, PolicyDocument } from "./document.ts";
import { parsePolicy } from "./parse.ts";
import { changed } from "../tests/harness/generators/policies.ts";

/** What is proved of a point: the loss, its bound and the chance that the bound is wrong. */
type Proof = readonly [loss: Certificate["loss"], alpha: number, delta: number];

/** Two points of which so much is proved; the first is active. */
function proved(from: readonly Proof[], to: readonly Proof[], certified?: boolean): PolicyDocument {
  return changed((copy) => {
    [from, to].forEach((proofs, index) => {
      copy.points[index].certificates = proofs.map(([loss, alpha, delta]): Certificate => {
        const n = 1000;
        return { loss, alpha, delta, n, risk: 0, bound: 0, method: "wsr", split: "test" };
      });
    });
    copy.active = "fast";
    if (certified !== undefined) copy.certified = certified;
  });
}

function choose(document: PolicyDocument, active: string): PolicyDocument {
  return parsePolicy(activatePoint(JSON.stringify(document), document, active));
}

const one: readonly Proof[] = [["signed", 0.01, 0.05]];

const claims: [what: string, from: readonly Proof[], to: readonly Proof[], certified: boolean][] = [
  ["the same", one, one, true],
  ["a smaller loss", one, [["signed", 0.005, 0.05]], true],
  ["more certainty", one, [["signed", 0.01, 0.01]], true],
  ["more than one thing", one, [["top1", 0.5, 0.5], ...one], true],
  ["nothing", one, [], false],
  ["no less than nothing", [], one, false],
  ["a larger loss", one, [["signed", 0.02, 0.05]], false],
  ["less certainty", one, [["signed", 0.01, 0.1]], false],
  ["another loss", one, [["top1", 0.01, 0.05]], false],
  ["one of two things", [...one, ["top1", 0.01, 0.05]], one, false],
  ["each half by another proof", one, [["signed", 0.02, 0.05], ["signed", 0.01, 0.1]], false],
];

for (const [what, from, to, certified] of claims) {
  const stays = certified ? "stays" : "does not stay";
  Deno.test(`activatePoint() ${stays} certified where ${what} is proved of the new point`, () => {
    const document = proved(from, to, true);
    const chosen = choose(document, "accurate");
    assertEquals(chosen, { ...document, active: "accurate", certified });
  });
}

Deno.test("activatePoint() certifies nothing that was not", () => {
  for (const certified of [false, undefined]) {
    const document = proved(one, one, certified);
    assertEquals(choose(document, "accurate"), { ...document, active: "accurate" });
  }
});

Deno.test("activatePoint() does not stay certified at a built-in policy", () => {
  const document = proved(one, one, true);
  assertEquals(choose(document, "always:large"), {
    ...document,
    active: "always:large",
    certified: false,
  });
});

Deno.test("activatePoint() finds a member whose name is written with an escape", () => {
  const document = proved([], []);
  const text = JSON.stringify(document).replace('"active"', String.raw`"\u0061ctive"`);
  assertEquals(
    activatePoint(text, document, "accurate"),
    text.replace('"fast","provenance"', '"accurate","provenance"'),
  );
});

/** White space of JSON, in every amount. */
const blank = fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "\r"), maxLength: 4 });

/** A text of given members, with the white space that the next ones of a list are. */
function write(
  members: readonly (readonly [string, unknown])[],
  blanks: readonly string[],
): string {
  let turn = 0;
  const next = () => blanks[turn++ % blanks.length] ?? "";
  const written = members.map(([name, value]) => {
    const shown = JSON.stringify(value, null, next());
    return `${next()}${JSON.stringify(name)}${next()}:${next()}${shown}${next()}`;
  });
  return `${next()}{${written.join(",")}}${next()}`;
}

const documents = fc.constantFrom(
  proved(one, one, true),
  proved(one, [], true),
  proved([], [], false),
  proved(one, []),
);
const choices = fc.constantFrom("accurate", "fast", "always:large", "always:small");

Deno.test("activatePoint() leaves every other character as it is written", () => {
  const order = fc.shuffledSubarray(Object.keys(proved([], [], true)), {
    minLength: Object.keys(proved([], [], true)).length,
  });
  const blanks = fc.array(blank, { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(documents, order, blanks, choices, (document, names, blanks, active) => {
    const { certified } = choose(document, active);
    const membersOf = (source: PolicyDocument) =>
      names.filter((name) => name in source)
        .map((name) => [name, source[name as keyof PolicyDocument]] as const);
    const text = write(membersOf(document), blanks);
    const expected = write(
      membersOf({ ...document, active, ...(certified !== undefined && { certified }) }),
      blanks,
    );
    assertEquals(activatePoint(text, document, active), expected);
  }));
});

Deno.test("activatePoint() changes what counts where members are written twice", () => {
  const active = fc.constantFrom("fast", "accurate", "always:small");
  const doubles = fc.array(
    fc.oneof(
      active.map((value) => ["active", value] as const),
      fc.boolean().map((value) => ["certified", value] as const),
      fc.constantFrom("p", "q").map((note) => ["provenance", { method: "m", note }] as const),
    ),
    { maxLength: 5 },
  );
  fc.assert(fc.property(documents, doubles, doubles, choices, (source, before, after, active) => {
    const text = write([...before, ...Object.entries(source), ...after], [""]);
    const document = parsePolicy(text);
    const expected = choose(document, active);
    assertEquals(JSON.parse(activatePoint(text, document, active)), { ...expected });
    assertEquals(expected.active, active);
  }));
});
