import { writeDist } from "./dist.ts";
import { writeFashion } from "./fashion.ts";
import { writeFrontPage } from "./front_page.ts";
import { writeImagenet, writeImagenetExample } from "./imagenet.ts";
import { writeSwap } from "./swap.ts";
import { writeWatch } from "./watch.ts";
import { writeWebgpu } from "./webgpu.ts";

/** A part of a document that a task writes. */
export interface Region {
  /** The document, by its path in the project. */
  readonly file: string;
  /** Name of the region in its markers. */
  readonly name: string;
  /** Writes the content, from what was measured. */
  readonly write: () => Promise<string>;
}

/** Every region of the docs that holds figures. */
export const REGIONS: readonly Region[] = [
  { file: "README.md", name: "figures", write: writeFrontPage },
  { file: "docs/results.md", name: "figures", write: writeFashion },
  { file: "docs/results.md", name: "imagenet figures", write: writeImagenet },
  { file: "examples/imagenet/README.md", name: "figures", write: writeImagenetExample },
  { file: "docs/policies.md", name: "swap figures", write: writeSwap },
  { file: "docs/monitoring.md", name: "watch figures", write: writeWatch },
  { file: "docs/deploy.md", name: "dist figures", write: writeDist },
  { file: "docs/webgpu.md", name: "webgpu figures", write: writeWebgpu },
];
