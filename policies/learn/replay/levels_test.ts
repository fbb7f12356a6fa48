import { assertEquals } from "@std/assert";
import { oracleShare, speedupsOf } from "../judge/level_rows.ts";
import { chooseWithin } from "./levels.ts";
import type { LevelRow } from "../judge/report.ts";

const candidate = (cost: number, loss: number, error = 0) => ({ cost, loss, error });

const FULL = 10;

Deno.test("chooseWithin() takes the cheapest within the level", () => {
  const candidates = [candidate(9, 0), candidate(4, 0.009), candidate(2, 0.011)];
  assertEquals(chooseWithin(candidates, 0.01, FULL), 1);
  assertEquals(chooseWithin(candidates, 0.02, FULL), 2);
  assertEquals(chooseWithin(candidates, -0.01, FULL), -1);
});

Deno.test("chooseWithin() asks for a standard error to spare", () => {
  const candidates = [
    candidate(9, 0, 0.001),
    candidate(4, 0.009, 0.002),
    candidate(5, 0.007, 0.002),
  ];
  assertEquals(chooseWithin(candidates, 0.01, FULL), 2);
});

Deno.test("chooseWithin() waives the margin where it leaves nothing fast", () => {
  const candidates = [candidate(11, 0), candidate(4, 0, 0.01), candidate(5, -0.001, 0.002)];
  assertEquals(chooseWithin(candidates, 0, FULL), 1);
  assertEquals(chooseWithin([...candidates, candidate(9, -0.003, 0.002)], 0, FULL), 3);
});

function row(max_loss: number, loss: number, speedup: number): LevelRow {
  return {
    method: "learned",
    metric: "top1",
    basis: "trace",
    max_loss,
    loss,
    speedup,
    ci95: [speedup, speedup],
    point: `p${speedup}`,
    met: loss <= max_loss,
    oracle_share: speedup / 10,
  };
}

Deno.test("speedupsOf() falls back to a stricter choice where one is not borne out", () => {
  const rows = [row(0, 0.001, 2), row(0.005, 0.004, 3), row(0.01, 0.012, 5), row(0.02, 0.015, 7)];
  assertEquals(speedupsOf(rows).map(({ max_loss, loss, speedup }) => [max_loss, loss, speedup]), [
    [0.005, 0.004, 3],
    [0.01, 0.004, 3],
    [0.02, 0.015, 7],
  ]);
});

Deno.test("speedupsOf() gives the members that other programs read", () => {
  const [first] = speedupsOf([row(0.01, 0.004, 3)]);
  assertEquals(Object.keys(first ?? {}), [
    "method",
    "metric",
    "basis",
    "max_loss",
    "loss",
    "speedup",
    "ci95",
  ]);
});

Deno.test("oracleShare() is that of the speedup at the claim", () => {
  assertEquals(oracleShare([row(0.005, 0.004, 3), row(0.01, 0.012, 5)], "top1"), 0.3);
  assertEquals(oracleShare([row(0.01, 0.008, 5)], "top1"), 0.5);
  assertEquals(oracleShare([row(0.01, 0.02, 5)], "top1"), null);
});
