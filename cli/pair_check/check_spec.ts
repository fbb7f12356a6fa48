import type { ImageSpec, PairSpec } from "../../registry/mod.ts";
import type { Finding } from "./finding.ts";

/**
 * Looks for what is allowed and most likely a mistake.
 *
 * @param pair The pair.
 * @returns What was found.
 */
export function checkSpec({ labels, image, models }: PairSpec): Finding[] {
  const findings: Finding[] = [];
  const twice = labels.filter((label, index) => labels.indexOf(label) !== index);
  if (twice.length > 0) {
    findings.push({ text: `labels: ${[...new Set(twice)].join(", ")} is there more than once` });
  }
  if (image) findings.push(...checkImage("image", image));
  for (const [node, model] of Object.entries(models)) {
    if (model.image) findings.push(...checkImage(`models.${node}.image`, model.image));
    if (model.sha256 === undefined) {
      const text = `models.${node}.sha256 is missing: with it, a file that was changed is noticed`;
      findings.push({ node, text });
    }
  }
  return findings;
}

/** Pixels are from 0 to 1 there, and so is their mean; they cannot spread by more than 1. */
function checkImage(field: string, { mean, std }: ImageSpec): Finding[] {
  const wrong = [
    ...mean.filter((value) => value < 0 || value > 1).map((value) => `mean ${value}`),
    ...std.filter((value) => value > 1).map((value) => `std ${value}`),
  ];
  if (wrong.length === 0) return [];
  const text =
    `${field}: ${wrong.join(", ")}: expected those of pixel / 255, from 0 to 1; divide ` +
    "those of levels from 0 to 255 by 255";
  return [{ text }];
}
