import { type PolicyDocument, show } from "../../policies/mod.ts";
import { formatPolicy } from "../../policies/learn/mod.ts";
import type { PairSpec } from "../../registry/mod.ts";
import type { InferredPair } from "./infer_pair.ts";

/** How sure a node must be to answer, at the point that is there to be tried. */
const TRY = 0.95;

/**
 * The text of `pair.ts`.
 *
 * @param pair The pair.
 * @returns A module, formatted as `deno fmt` does.
 */
export function pairText(pair: PairSpec): string {
  const { name, labels, input, image, models } = pair;
  const body = [
    `name: ${quote(name)},`,
    `labels: ${list(labels.map(quote), 2)},`,
    `input: { name: ${quote(input.name)}, datatype: "FP32", shape: ${list(input.shape)} },`,
    ...(image ? [`image: ${object(image)},`] : []),
    "models: {",
    ...Object.entries(models).flatMap(([node, model]) => [
      `  ${key(node)}: {`,
      ...Object.entries(model).map(([member, value]) =>
        `    ${member}: ${typeof value === "string" ? quote(value) : object(value)},`
      ),
      "  },",
    ]),
    "},",
    `graph: chain(${Object.keys(models).map(quote).join(", ")}),`,
  ];
  return [
    'import { chain, definePair } from "sluice";',
    "",
    "export default definePair({",
    ...body.map((line) => `  ${line}`),
    "});",
    "",
  ].join("\n");
}

/** In single quotes where that needs fewer escapes, as `deno fmt` has it. */
function quote(text: string): string {
  const json = JSON.stringify(text);
  if (text.split('"').length <= text.split("'").length) return json;
  const inner = json.slice(1, -1).replace(/\\(.)/g, (escape, next) => next === '"' ? next : escape);
  return `'${inner.replaceAll("'", "\\'")}'`;
}

/** On one line where it fits, else one element a line, as `deno fmt` has it. */
function list(items: readonly (string | number)[], indent = 0): string {
  const line = `[${items.join(", ")}]`;
  if (line.length < 80) return line;
  const pad = " ".repeat(indent);
  return `[\n${items.map((item) => `${pad}  ${item},`).join("\n")}\n${pad}]`;
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : quote(name);
}

function object(value: object): string {
  const members = Object.entries(value).map(([member, value]) => {
    const text = Array.isArray(value) ? list(value) : JSON.stringify(value);
    return `${key(member)}: ${text}`;
  });
  return `{ ${members.join(", ")} }`;
}

/**
 * The text of the plugin's README: a model card with what is known.
 *
 * @param inferred The pair.
 * @returns Markdown.
 */
export function cardText({ pair, models }: InferredPair): string {
  const rows = models.map(({ name, inputs, outputs, bytes, ms }) => {
    const shapes = (infos: typeof inputs) =>
      infos.map((info) => `\`${info.name}\` ${show(info.shape)}`).join(", ");
    const time = ms === undefined ? "" : ms.toFixed(3);
    return `| \`${name}\` | ${shapes(inputs)} | ${shapes(outputs)} | ${bytes} | ${time} |`;
  });
  return `# ${pair.name}

${models.map(({ name }) => `\`${name}\``).join(" → ")}, ${pair.labels.length} labels.

| node | reads | gives | bytes | ms |
|---|---|---|---|---|
${rows.join("\n")}

Milliseconds: median of 15 runs at batch 1 when the plugin was made, ONNX Runtime Web on WebAssembly.

- **Networks.** What they are and how they were trained.
- **Data.** What they were trained on, with its licence; which examples were kept apart to learn policies from.
- **Accuracy.** Of each network, on examples that it was not trained on.
- **Input.** How images were prepared in training; \`image\` in \`pair.ts\` must say the same.
- **Use.** What the pair is for, and what not.
`;
}

/**
 * A first policy: the full model answers. It holds one operating point to be tried, at which a node answers
 * when it is 95% sure; nobody has learned or certified that.
 *
 * @param inferred The pair.
 * @returns The document as text.
 */
export function policyText({ pair, models }: InferredPair): string {
  const names = models.map(({ name }) => name);
  const early = names.slice(0, -1);
  const entries = <T>(value: (node: string, index: number) => T) =>
    Object.fromEntries(early.map((node, index) => [node, value(node, index)]));
  const document: PolicyDocument = {
    pair: pair.name,
    models: Object.fromEntries(models.map(({ name, sha256 }) => [name, sha256])),
    nodes: entries((_, index) => ({
      class: "threshold",
      feature: "max_probability",
      actions: ["exit", names[index + 1] as string],
    })),
    points: [{ id: "try", nodes: entries(() => ({ thresholds: [TRY] })) }],
    active: `always:${names.at(-1)}`,
    provenance: { method: "hand-set: made by deno task pair:new, neither learned nor certified" },
  };
  return formatPolicy(document);
}
