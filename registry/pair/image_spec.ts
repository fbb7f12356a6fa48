import { z } from "zod";

/** How images become the input of a model: a plugin's declaration. */
export interface ImageSpec {
  /** 3 for red, green and blue; 1 for grey, which is PIL's `convert("L")`. */
  readonly channels: 1 | 3;
  /**
   * What happens where image and input differ in size:
   * - `fit` keeps the aspect ratio: the whole image, centred, the rest is background (PIL's `ImageOps.pad`);
   * - `cover` keeps the aspect ratio: the largest centred part that fills the input;
   * - `stretch` does not keep it.
   *
   * Resampling is PIL's `BILINEAR`, to 1/255. An image that has the size is not resampled at all.
   */
  readonly resize: "fit" | "cover" | "stretch";
  /**
   * Height and width of the model's input, in pixels.
   *
   * @default those of the pair's `input.shape`
   */
  readonly size?: readonly [height: number, width: number] | undefined;
  /**
   * The centred part of the image that is looked at, as a share of its height and of its width:
   * above 0, at most 1, in whole pixels. Cut out before anything else: `0.875` leaves 199×199 of
   * 227×227, and `224 / 227` leaves 224×224.
   *
   * @default {1}
   */
  readonly crop?: number | undefined;
  /**
   * The order of the channels in the model's input, in which `mean` and `std` are given as well.
   * Only for three channels; `background` is red, green, blue all the same.
   *
   * @default {"RGB"}
   */
  readonly order?: "RGB" | "BGR" | undefined;
  /**
   * Grey level, or one level per channel, of what surrounds the image and of what transparent pixels
   * are laid over, 0 to 255.
   *
   * @default {0}
   */
  readonly background?: number | readonly number[] | undefined;
  /** Per channel, what is subtracted from `pixel / 255`. */
  readonly mean: readonly number[];
  /** Per channel, what the difference is then divided by. Above 0. */
  readonly std: readonly number[];
}

const SHARE = "expected a share above 0, at most 1";
const side = z.int("expected whole pixels, at least 1").min(1, "expected whole pixels, at least 1");
const level = z.int("expected a level from 0 to 255").min(0).max(255);

/**
 * Checks an {@linkcode ImageSpec} that somebody wrote by hand. Unknown members are refused.
 *
 * @ignore
 */
export const imageSpecSchema: z.ZodType<ImageSpec> = z.strictObject({
  channels: z.literal([1, 3], "expected 1 (grey) or 3 (red, green, blue)"),
  resize: z.enum(["fit", "cover", "stretch"]),
  size: z.tuple([side, side], "expected [height, width], both in pixels").optional(),
  crop: z.number(SHARE).gt(0, SHARE).max(1, SHARE).optional(),
  order: z.enum(["RGB", "BGR"], 'expected "RGB" or "BGR"').optional(),
  background: z.union([level, z.array(level)], "expected a level from 0 to 255, or one per channel")
    .optional(),
  mean: z.array(z.number()),
  std: z.array(z.number().positive("expected a number above 0")),
}).check(({ value, issues }) => {
  if (value.channels === 1 && value.order !== undefined) {
    const message = "expected none with 1 channel";
    issues.push({ code: "custom", path: ["order"], input: value.order, message });
  }
  for (const name of ["mean", "std", "background"] as const) {
    const levels = value[name];
    if (!Array.isArray(levels) || levels.length === value.channels) continue;
    issues.push({
      code: "custom",
      path: [name],
      input: levels,
      message: `expected one number per channel (${value.channels}), got ${levels.length}`,
    });
  }
});
