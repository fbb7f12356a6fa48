import type { Size } from "../../base/pixels.ts";

/** A rectangle of whole pixels. */
export interface Box extends Size {
  /** Columns to the left of it. */
  readonly left: number;
  /** Rows above it. */
  readonly top: number;
}

/**
 * Where in `outer` an image of the size `inner` goes if it is to be as large as it can, whole, and
 * centred: PIL's `ImageOps.pad`.
 */
export function fitInside(inner: Size, outer: Size): Box {
  let { width, height } = outer;
  const wider = inner.width * outer.height - outer.width * inner.height;
  if (wider > 0) height = atLeastOne(roundHalfEven(inner.height / inner.width * outer.width));
  if (wider < 0) width = atLeastOne(roundHalfEven(inner.width / inner.height * outer.height));
  return {
    width,
    height,
    left: roundHalfEven((outer.width - width) / 2),
    top: roundHalfEven((outer.height - height) / 2),
  };
}

/** The centred part of `image` with the given share of its height and of its width, in whole pixels. */
export function cropBox(image: Size, share: number): Box {
  const width = atLeastOne(roundHalfEven(image.width * share));
  const height = atLeastOne(roundHalfEven(image.height * share));
  return centred(image, { width, height });
}

/** The largest centred part of `image` that has the aspect ratio of `target`, in whole pixels. */
export function coverBox(image: Size, target: Size): Box {
  let { width, height } = image;
  const wider = width * target.height - target.width * height;
  if (wider > 0) width = atLeastOne(roundHalfEven(height * target.width / target.height));
  if (wider < 0) height = atLeastOne(roundHalfEven(width * target.height / target.width));
  return centred(image, { width, height });
}

function centred(outer: Size, inner: Size): Box {
  return {
    ...inner,
    left: Math.floor((outer.width - inner.width) / 2),
    top: Math.floor((outer.height - inner.height) / 2),
  };
}

function atLeastOne(size: number): number {
  return Math.max(1, size);
}

/** Python's `round`. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
