import { assertEquals } from "@std/assert";
import type { LossKind } from "../../policies/mod.ts";
import { labelLoss } from "./label_loss.ts";

/** Answer, full model's answer, label; loss by kind. */
const CASES: [number[], number[], number, Partial<Record<LossKind, number>>][] = [
  [[1, 2], [1, 2], 1, { top1: 0, signed: 0, top5: 0, signed5: 0, consistency: 0 }],
  [[2, 1], [1, 2], 1, { top1: 1, signed: 1, top5: 0, signed5: 0, consistency: 1 }],
  [[1, 2], [2, 1], 1, { top1: 0, signed: -1, top5: 0, signed5: 0, consistency: 1 }],
  [[1, 2], [3, 2], 7, { top1: 0, signed: 0, top5: 0, signed5: 0, consistency: 1 }],
  [[1, 2, 3, 4, 5], [7, 2, 3, 4, 5], 7, { top1: 1, signed: 1, top5: 1, signed5: 1 }],
  [[7, 2, 3, 4, 5], [1, 2, 3, 4, 5], 7, { top1: 0, signed: -1, top5: 0, signed5: -1 }],
];

for (const [answer, full, label, losses] of CASES) {
  for (const [kind, loss] of Object.entries(losses)) {
    Deno.test(`labelLoss() is ${loss} for ${kind}: ${answer} against ${full}, true ${label}`, () => {
      assertEquals(labelLoss(kind as LossKind, answer, full, label), loss);
    });
  }
}
