import { assertEquals } from "@std/assert";
import { FEATURE_NAMES } from "../../../features.ts";
import { directionOf } from "./feature_table.ts";

/** Features of which low values mean sure. */
const LOW = [
  "entropy",
  "probability_2",
  "probability_3",
  "probability_4",
  "probability_5",
  "divergence",
  "pooled_entropy",
];

Deno.test("directionOf() is at_most where low values mean sure, of whichever node", () => {
  for (const prefix of ["", "small."]) {
    const names = FEATURE_NAMES.filter((name) => directionOf(`${prefix}${name}`) === "at_most");
    assertEquals(names, LOW);
  }
  assertEquals(directionOf("class_3"), "at_least");
});
