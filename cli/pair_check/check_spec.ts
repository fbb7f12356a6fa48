import type { ImageSpec, PairSpec } from "../../registry/mod.ts";
import type { Finding } from "./finding.ts";

/** Beyond this, normalised pixels are hardly what a network was trained on. */
const MAX_PIXEL = 30;

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

function checkImage(field: string, { mean, std }: ImageSpec): Finding[] {
  const ends = mean.flatMap((value, index) => {
    return [-value, 1 - value].map((end) => end / (std[index] ?? 1));
  });
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (low >= -MAX_PIXEL && high <= MAX_PIXEL) return [];
  const text =
    `${field}: normalised pixels go from ${low.toFixed(1)} to ${high.toFixed(1)}; mean and ` +
    "std are of pixel / 255, not of 0 to 255";
  return [{ text }];
}
