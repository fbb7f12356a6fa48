import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

const CONFIG: NonNullable<TopLevelSpec["config"]> = {
  background: "white",
  font: "Helvetica, Arial, sans-serif",
  axis: {
    labelLimit: 320,
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    gridColor: "#e8e8e8",
  },
  legend: { labelFontSize: 12, labelLimit: 320, symbolSize: 80, symbolStrokeWidth: 2 },
  title: { fontSize: 15, anchor: "start", subtitleFontSize: 12, subtitleColor: "#444" },
  header: { labelFontSize: 12, labelFontWeight: "bold", titleFontSize: 12 },
  view: { stroke: null },
};

/**
 * Breaks a text into lines: without a browser, Vega takes a long line for wider than it is.
 *
 * @param text The text.
 * @param width Most characters of a line; a longer word has a line of its own.
 * @returns The lines.
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/**
 * Draws a specification. Vega writes SVG from its scene graph, without a browser, a DOM or any
 * permission.
 *
 * @param spec The specification, as Vega-Lite has it.
 * @returns An SVG document.
 */
export async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile({ ...spec, config: CONFIG }).spec), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
