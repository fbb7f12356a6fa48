/** A network of a cascade. */
export interface Stage {
  /** Its name. */
  readonly name: string;
  /** What it costs, with the unit. */
  readonly cost: string;
  /** Share of the inputs that get here or further. */
  readonly arriving: number;
  /** Share of the inputs that it answers. */
  readonly exiting: number;
}

/** What is drawn. */
export interface Cascade {
  /** What arrives. */
  readonly input: string;
  /** The networks, from cheap to expensive. */
  readonly stages: readonly Stage[];
  /** What comes of it, in a line. */
  readonly summary: string;
  /** Where the figures are from, in a line. */
  readonly source: string;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All text stands in these boxes, so that it can be read on any background. */
const FILL = { input: "#57606a", stage: "#1f5f99", exit: "#0b6e4f", label: "#57606a" } as const;
const FLOW = "#6ba3d6";

const ROW = 62;
const STAGE = { width: 148, height: 64 };
const GAP = 108;
const INPUT = { width: 116, height: 44 };
const EXIT = { y: 176, width: 148, height: 34 };
const HEIGHT = 286;
/** Width of the flow of all inputs. */
const FULL_FLOW = 52;

/**
 * Draws how inputs flow through networks, each flow as wide as the share of the inputs that take it.
 *
 * @param cascade What to draw.
 * @returns An SVG document that can be read on light and on dark pages.
 */
export function drawCascade({ input, stages, summary, source }: Cascade): string {
  const left = (index: number) => 4 + INPUT.width + 60 + index * (STAGE.width + GAP);
  const width = left(stages.length - 1) + STAGE.width + 4;
  const parts = stages.flatMap((stage, index) => {
    const x = left(index);
    const from = index === 0 ? 4 + INPUT.width : x - GAP;
    return [
      flow({ x: from, y: ROW, length: x - from }, stage.arriving, "right"),
      flow({ x: x + STAGE.width / 2, y: ROW, length: EXIT.y - ROW }, stage.exiting, "down"),
      ...(index === 0
        ? []
        : [label({ x: from + 10, y: 4, width: GAP - 20, height: 24 }, FILL.label, [
          `${percent(stage.arriving)} go on`,
        ])]),
      label({ x, y: ROW - STAGE.height / 2, ...STAGE }, FILL.stage, [stage.name, stage.cost]),
      label({ x, ...EXIT }, FILL.exit, [`${percent(stage.exiting)} answered`]),
    ];
  });
  const bar = { x: 4, y: 230, width: width - 8, height: 52 };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" ` +
    `height="${HEIGHT}" role="img" font-family="Helvetica, Arial, sans-serif">`,
    `<title>${describe(stages)}</title>`,
    ...parts,
    label({ x: 4, y: ROW - INPUT.height / 2, ...INPUT }, FILL.input, [input]),
    label(bar, FILL.input, [summary, source]),
    "</svg>",
    "",
  ].join("\n");
}

function describe(stages: readonly Stage[]): string {
  const exits = stages.map(({ name, exiting }) => `${name} answers ${percent(exiting)}`);
  return `A cascade of networks: ${exits.join(", ")} of the inputs`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value.toFixed(value < 10 ? 1 : 0)}%`;
}

/** An arrow as wide as its share. */
function flow(
  { x, y, length }: { readonly x: number; readonly y: number; readonly length: number },
  share: number,
  way: "right" | "down",
): string {
  const half = Math.max(1, FULL_FLOW * share / 2);
  const tip = half + 5;
  const neck = length - Math.max(9, 0.7 * tip);
  const turn = way === "right" ? "" : " rotate(90)";
  const points = [
    [0, -half],
    [neck, -half],
    [neck, -tip],
    [length, 0],
    [neck, tip],
    [neck, half],
    [0, half],
  ].map((point) => point.map((value) => Number(value.toFixed(1))).join(",")).join(" ");
  return `<polygon transform="translate(${x} ${y})${turn}" points="${points}" fill="${FLOW}"/>`;
}

/** A box with lines of text, the first larger where there are several. */
function label({ x, y, width, height }: Box, fill: string, lines: readonly string[]): string {
  const size = (index: number) => lines.length > 1 && index === 0 ? 16 : 14;
  const spacing = 21;
  const first = y + height / 2 - (lines.length - 1) * spacing / 2 + 5;
  const texts = lines.map((line, index) => {
    const weight = lines.length > 1 && index === 0 ? ' font-weight="bold"' : "";
    return `<text x="${x + width / 2}" y="${first + index * spacing}" text-anchor="middle" ` +
      `font-size="${size(index)}"${weight} fill="white">${line}</text>`;
  });
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}"/>`,
    ...texts,
  ].join("\n");
}
