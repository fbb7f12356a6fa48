import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Certificate, OperatingPoint, PolicyDocument } from "../../policies/mod.ts";
import { changed } from "../../tests/harness/generators/policies.ts";
import { InvalidInputError } from "../base/errors.ts";
import { buildGraph } from "../pair/graph_inputs.ts";
import { pointForRequest, type PointRequest, policyForRequest } from "./operating_point.ts";
import { builtInPolicy, type PolicySnapshot, snapshotOf } from "./snapshot.ts";
import { pairOf } from "../../tests/harness/generators/pair_specs.ts";

const GRAPH = buildGraph(pairOf({ small: ["medium", "large"], medium: ["large"], large: [] }));

/** A point with a cost, and what is proved of it. */
function pointOf(
  id: string,
  cost: number | undefined,
  ...proofs: readonly (readonly [Certificate["loss"], number])[]
): OperatingPoint {
  const rest = { delta: 0.05, n: 1000, risk: 0, bound: 0, method: "wsr", split: "test" } as const;
  return {
    id,
    nodes: {},
    ...(cost !== undefined && { expected: { cost, loss: 0 } }),
    ...(proofs.length > 0 && {
      certificates: proofs.map(([loss, alpha]) => ({ loss, alpha, ...rest })),
    }),
  };
}

function serve(points: readonly OperatingPoint[], change: Partial<PolicyDocument> = {}) {
  const document: PolicyDocument = {
    ...changed((copy) => copy.points = points),
    active: points[0]?.id as string,
    loss: "signed",
    ...change,
  };
  return snapshotOf({ name: "test@7", id: "test@7#3", document, graph: GRAPH });
}

const byId = (id: string): PointRequest => ({ kind: "point", id, field: "Sluice-Operating-Point" });
const byLoss = (alpha: number): PointRequest => {
  return { kind: "max_loss", alpha, field: "Sluice-Max-Loss" };
};

/** From the safest to the fastest; nothing is proved of the last. */
const FAMILY = serve([
  pointOf("p1", 8, ["signed", 0.005], ["signed", 0.01], ["signed", 0.02]),
  pointOf("p2", 4, ["signed", 0.01], ["signed", 0.02]),
  pointOf("p3", 2, ["signed", 0.02]),
  pointOf("p4", 1),
]);

for (const id of ["p1", "p2", "p3", "p4"]) {
  Deno.test(`pointForRequest() takes ${id} where it is asked for, of the same version`, () => {
    const expected = { ...FAMILY, operatingPoint: id, choice: { id: "test@7#3", point: id } };
    assertEquals(pointForRequest(FAMILY, byId(id)), expected);
  });
}

for (
  const [alpha, id] of [[0.005, "p1"], [0.0099, "p1"], [0.01, "p2"], [0.5, "p3"]] as const
) {
  Deno.test(`pointForRequest() takes ${id} for a loss of ${alpha}, the cheapest certified for it`, () => {
    assertEquals(pointForRequest(FAMILY, byLoss(alpha)).choice, { id: "test@7#3", point: id });
  });
}

const refused: [name: string, policy: PolicySnapshot, request: PointRequest, message: string][] = [
  [
    "a point that is not listed",
    FAMILY,
    byId("p5"),
    'Sluice-Operating-Point: there is no operating point "p5", expected one of p1, p2, p3, p4',
  ],
  [
    "a built-in policy as a point",
    FAMILY,
    byId("always:large"),
    'there is no operating point "always:large"',
  ],
  [
    "a smaller loss than is proved",
    FAMILY,
    byLoss(0.001),
    "Sluice-Max-Loss: no operating point is certified for 0.1%, expected a loss for which a point " +
    "is certified: 0.5%, 1%, 2% or more",
  ],
  [
    "any loss where nothing is proved",
    serve([pointOf("p1", 1)]),
    byLoss(0.5),
    "no operating point is certified for 50%, nothing is certified",
  ],
  [
    "proofs of another loss",
    serve([pointOf("p1", 1, ["consistency", 0.01])]),
    byLoss(0.5),
    "nothing is certified",
  ],
  [
    "a point under a built-in policy",
    builtInPolicy(GRAPH, "always:large"),
    byId("p1"),
    "Sluice-Operating-Point: always:large serves, which has no operating points",
  ],
  [
    "a loss under a built-in policy",
    builtInPolicy(GRAPH, "always:large"),
    byLoss(0.01),
    "Sluice-Max-Loss: always:large serves, which has no operating points",
  ],
];

for (const [name, policy, request, message] of refused) {
  Deno.test(`pointForRequest() refuses ${name}`, () => {
    const error = assertThrows(() => pointForRequest(policy, request), InvalidInputError, message);
    assertEquals(error.field, request.field);
  });
}

Deno.test("pointForRequest() chooses from a document whose active policy is a built-in one", () => {
  const policy = serve([pointOf("p1", 1, ["signed", 0.01])], { active: "always:large" });
  assertEquals(policy.choice, { always: "large" });
  assertEquals(pointForRequest(policy, byId("p1")).choice, { id: "test@7#3", point: "p1" });
  assertEquals(pointForRequest(policy, byLoss(0.01)).operatingPoint, "p1");
});

Deno.test("pointForRequest() takes any proof where the document does not say what it keeps small", () => {
  const policy = serve([pointOf("p1", 1, ["consistency", 0.01])], { loss: undefined });
  assertEquals(pointForRequest(policy, byLoss(0.01)).operatingPoint, "p1");
});

Deno.test("pointForRequest() takes a point of unknown cost where no other is certified", () => {
  const points = [pointOf("p1", undefined, ["signed", 0.01]), pointOf("p2", 5, ["signed", 0.02])];
  assertEquals(pointForRequest(serve(points), byLoss(0.01)).operatingPoint, "p1");
  assertEquals(pointForRequest(serve(points), byLoss(0.02)).operatingPoint, "p2");
});

Deno.test("pointForRequest() takes the last of several that cost the same", () => {
  for (const cost of [undefined, 3]) {
    const points = ["p1", "p2"].map((id) => pointOf(id, cost, ["signed", 0.01]));
    assertEquals(pointForRequest(serve(points), byLoss(0.01)).operatingPoint, "p2");
  }
});

const levels = fc.constantFrom(0, 0.005, 0.01, 0.02, 0.1);
const proofs = fc.array(
  fc.tuple(fc.constantFrom<Certificate["loss"]>("signed", "top1"), levels),
  { maxLength: 3 },
);
const costs = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });
const families = fc.array(fc.tuple(costs, proofs), { minLength: 1, maxLength: 8 });

Deno.test("pointForRequest() never takes a point that is not certified, and none is cheaper", () => {
  fc.assert(fc.property(families, levels, (family, alpha) => {
    const points = family.map(([cost, proofs], index) => pointOf(`p${index}`, cost, ...proofs));
    const policy = serve(points);
    const fit = points.filter(({ certificates = [] }) =>
      certificates.some((proof) => proof.loss === "signed" && proof.alpha <= alpha)
    );
    if (fit.length === 0) {
      assertThrows(() => pointForRequest(policy, byLoss(alpha)), InvalidInputError, "certified");
      return;
    }
    const { operatingPoint } = pointForRequest(policy, byLoss(alpha));
    const chosen = fit.find(({ id }) => id === operatingPoint);
    assert(chosen, `${operatingPoint} is not certified`);
    const costOf = ({ expected }: OperatingPoint) => expected?.cost ?? Infinity;
    assert(fit.every((point) => costOf(point) >= costOf(chosen)), "another one is cheaper");
  }));
});

Deno.test("policyForRequest() gives what serves, itself, where nothing is asked for", () => {
  const served = serve([pointOf("fast", 1), pointOf("accurate", 2)]);
  assertEquals(policyForRequest(GRAPH, served, {}) === served, true);
  const point = byId("accurate");
  assertEquals(policyForRequest(GRAPH, served, { point }).operatingPoint, "accurate");
  assertEquals(policyForRequest(GRAPH, served, { policy: "always:small" }).name, "always:small");
});

Deno.test("policyForRequest() refuses a policy and a point at once", () => {
  const served = serve([pointOf("fast", 1)]);
  const options = { policy: "always:small", point: byId("fast") };
  const error = assertThrows(() => policyForRequest(GRAPH, served, options), InvalidInputError);
  assertEquals(error.field, "Sluice-Operating-Point");
  assertEquals(error.reason, "is given with policy always:small, expected one of them");
});
