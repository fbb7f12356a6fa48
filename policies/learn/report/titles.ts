/** How a method is called and drawn. */
export interface Style {
  /** Its title. */
  readonly title: string;
  /** Colour of the palette of Okabe and Ito 2008, which colour-blind readers can tell apart. */
  readonly color: string;
  /** Lengths of strokes and gaps, in pixels; absent where single points are drawn. */
  readonly dash: readonly number[] | undefined;
  /** What a single point looks like, as Vega calls it. */
  readonly shape: string;
}

const SOLID = [1, 0];

const STYLES: Readonly<Record<string, Style>> = {
  learned: { title: "learned policy", color: "#0072B2", dash: SOLID, shape: "circle" },
  threshold_maxprob: threshold("max probability", "#E69F00", [8, 3]),
  threshold_margin: threshold("margin", "#009E73", [5, 3]),
  threshold_entropy: threshold("entropy", "#CC79A7", [2, 2]),
  threshold_topk_mass: threshold("top-5 mass", "#56B4E9", [8, 3, 2, 3]),
  agreement: { title: "two nodes agree", color: "#D55E00", dash: undefined, shape: "triangle-up" },
  random_mix: { title: "random mixing", color: "#888888", dash: [1, 3], shape: "circle" },
  always: { title: "always one node", color: "#000000", dash: undefined, shape: "diamond" },
  oracle: { title: "label oracle", color: "#000000", dash: undefined, shape: "cross" },
};

function threshold(score: string, color: string, dash: readonly number[]): Style {
  return { title: `threshold on ${score}`, color, dash, shape: "circle" };
}

/**
 * Finds how a method is called and drawn.
 *
 * @param method Name of the method.
 * @returns Its style; a pooled threshold looks like the one that is not.
 */
export function styleOf(method: string): Style {
  const pooled = method.endsWith("_pooled");
  const style = STYLES[method.replace(/_pooled$/, "")] ?? STYLES.always as Style;
  if (method.startsWith("always_")) {
    return { ...style, title: `always ${method.slice("always_".length)}` };
  }
  return pooled ? { ...style, title: `${style.title}, pooled` } : style;
}
