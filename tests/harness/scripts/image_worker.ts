/**
 * Decodes the images that it is sent, in a worker of a test.
 *
 * @module
 */

import { decodeImage, preprocess } from "../../../registry/input/image/mod.ts";
import { checksum, plainSpec } from "../files/images.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Uint8Array[]>) => void;
  postMessage(message: unknown): void;
};

scope.onmessage = async ({ data: files }) => {
  const spec = plainSpec({ channels: 3, resize: "fit" });
  scope.postMessage(
    await Promise.all(files.map(async (file) => {
      const pixels = await decodeImage(file, { maxPixels: 100_000 });
      const input = await preprocess(pixels, spec, { height: 28, width: 28 });
      return { checksum: checksum(pixels), length: input.length };
    })),
  );
};
