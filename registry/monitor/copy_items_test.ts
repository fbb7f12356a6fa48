import { assertEquals } from "@std/assert";
import { copyItems } from "./copy_items.ts";

Deno.test("copyItems() takes the given items of a tensor into a buffer of their own", () => {
  const data = Float32Array.of(0, 1, 10, 11, 20, 21);
  const copy = copyItems({ kind: "tensor", data, count: 3 }, [0, 2]);
  assertEquals(copy, { kind: "tensor", data: Float32Array.of(0, 1, 20, 21), count: 2 });
  data.fill(-1);
  assertEquals(copy.kind === "tensor" && [...copy.data], [0, 1, 20, 21]);
});

Deno.test("copyItems() takes the given images of raw pixels into a buffer of their own", () => {
  const data = Uint8Array.of(9, 0, 1, 10, 11, 20, 21).subarray(1);
  const images = { kind: "pixels", data, count: 3, height: 2, width: 1, channels: 1 } as const;
  const copy = copyItems(images, [1, 2]);
  data.fill(0);
  assertEquals(copy, { ...images, data: Uint8Array.of(10, 11, 20, 21), count: 2 });
});

Deno.test("copyItems() takes an image into a buffer of its own", () => {
  const bytes = Uint8Array.of(9, 1, 2, 3).subarray(1);
  const copy = copyItems({ kind: "image", bytes, maxPixels: 5 }, [0]);
  bytes.fill(0);
  assertEquals(copy, { kind: "image", bytes: Uint8Array.of(1, 2, 3), maxPixels: 5 });
});
