import { type PairSpec, type Pixels, preparationOf } from "../../registry/mod.ts";
import { runPreprocess } from "../../registry/input/mod.ts";
import type { Finding } from "./finding.ts";

/** Sizes of images that users may send: wide and high. */
const SIZES: readonly (readonly [width: number, height: number])[] = [[64, 48], [31, 97]];

/**
 * Has a plugin's own code prepare images of several sizes.
 *
 * @param pair The pair.
 * @returns What looks wrong; nothing for nodes whose image is declared.
 * @throws {PluginCodeError} If the code fails, or gives something else than the input.
 */
export async function checkCode(pair: PairSpec): Promise<Finding[]> {
  const findings: Finding[] = [];
  const done = new Set<unknown>();
  for (const node of Object.keys(pair.models)) {
    const { preprocess } = preparationOf(pair, node);
    if (!preprocess || done.has(preprocess)) continue;
    done.add(preprocess);
    for (const [width, height] of SIZES) {
      const image = imageOf(width, height);
      const first = await runPreprocess(pair, node, preprocess, image);
      const again = await runPreprocess(pair, node, preprocess, imageOf(width, height));
      if (first.some((value, index) => value !== again[index])) {
        const text = "preprocess makes another input of the same image each time: policies are " +
          "learned from what it makes, so it must not depend on chance or time";
        findings.push({ node, text });
      }
      if (imageOf(width, height).data.some((value, index) => value !== image.data[index])) {
        const text = "preprocess changes the image, which other nodes read too: copy it first";
        findings.push({ node, text });
      }
      if (findings.length > 0) break;
    }
  }
  return findings;
}

function imageOf(width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < data.length; at++) data[at] = at % 4 === 3 ? 255 : (at * 7919 + 101) % 256;
  return { width, height, data };
}
