import { assertEquals } from "@std/assert";
import { imageSpecSchema } from "./image_spec.ts";

const grey = { channels: 1, resize: "fit", mean: [0.286], std: [0.353] };

Deno.test("imageSpecSchema takes what a plugin declares", () => {
  const colour = {
    channels: 3,
    resize: "cover",
    background: [255, 255, 255],
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  };
  const caffe = { ...colour, size: [224, 192], crop: 224 / 227, order: "BGR" };
  for (const spec of [grey, caffe, { ...grey, background: 255 }, colour]) {
    assertEquals<unknown>(imageSpecSchema.parse(spec), spec);
  }
});

for (
  const [field, change, message] of [
    ["channels", { channels: 2 }, "expected 1 (grey) or 3 (red, green, blue)"],
    ["resize", { resize: "crop" }, 'Invalid option: expected one of "fit"|"cover"|"stretch"'],
    ["size", { size: 28 }, "expected [height, width], both in pixels"],
    ["size.0", { size: [1.5, 28] }, "expected whole pixels, at least 1"],
    ["size.1", { size: [28, 0] }, "expected whole pixels, at least 1"],
    ["crop", { crop: 0 }, "expected a share above 0, at most 1"],
    ["crop", { crop: 1.01 }, "expected a share above 0, at most 1"],
    ["crop", { crop: "centre" }, "expected a share above 0, at most 1"],
    ["order", { order: "RGB" }, "expected none with 1 channel"],
    [
      "order",
      { channels: 3, mean: [0, 0, 0], std: [1, 1, 1], order: "GBR" },
      'expected "RGB" or "BGR"',
    ],
    ["mean", { mean: [0, 0, 0] }, "expected one number per channel (1), got 3"],
    ["std", { std: [] }, "expected one number per channel (1), got 0"],
    ["std.0", { std: [0] }, "expected a number above 0"],
    ["background", { background: [0, 0] }, "expected one number per channel (1), got 2"],
    ["background", { background: -1 }, "expected a level from 0 to 255"],
    ["background", { background: "#fff" }, "expected a level from 0 to 255, or one per channel"],
    ["", { normalise: true }, 'Unrecognized key: "normalise"'],
  ] as const
) {
  Deno.test(`imageSpecSchema refuses ${JSON.stringify(change)}`, () => {
    const { error } = imageSpecSchema.safeParse({ ...grey, ...change });
    assertEquals(
      error?.issues.map((issue) => [issue.path.join("."), issue.message]),
      [[field, message]],
    );
  });
}
