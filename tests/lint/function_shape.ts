/**
 * Lint plugin: functions in `policies/` and `registry/` have at most 60 lines and at most 4 parameters.
 * Tests are left out.
 *
 * @module
 */

/** Lines that a function may have, from its name to its closing brace. */
const MAX_LINES = 60;

/** Parameters that a function may have; more are the members of one object. */
const MAX_PARAMETERS = 4;

type FunctionNode =
  | Deno.lint.ArrowFunctionExpression
  | Deno.lint.FunctionDeclaration
  | Deno.lint.FunctionExpression;
type Signature = FunctionNode | Deno.lint.TSFunctionType | Deno.lint.TSMethodSignature;

const plugin: Deno.lint.Plugin = {
  name: "function-shape",
  rules: {
    "max-lines": {
      create(context) {
        if (!isMeasured(context.filename)) return {};
        const look = (node: FunctionNode) => {
          const lines = context.sourceCode.text.slice(...node.range).split("\n").length;
          if (lines <= MAX_LINES) return;
          context.report({
            // The function as a whole would fill the screen.
            range: [node.range[0], node.body?.range[0] ?? node.range[1]],
            message: `${nameOf(node)} has ${lines} lines, expected at most ${MAX_LINES}`,
            hint: "Give a part of it a name and a function of its own",
          });
        };
        return {
          ArrowFunctionExpression: look,
          FunctionDeclaration: look,
          FunctionExpression: look,
        };
      },
    },
    "max-parameters": {
      create(context) {
        if (!isMeasured(context.filename)) return {};
        const look = (node: Signature) => {
          const { length } = node.params;
          if (length <= MAX_PARAMETERS) return;
          context.report({
            range: [node.range[0], node.params[length - 1]!.range[1]],
            message: `${nameOf(node)} has ${length} parameters, expected at most ${MAX_PARAMETERS}`,
            hint: "Take an object with named members instead",
          });
        };
        return {
          ArrowFunctionExpression: look,
          FunctionDeclaration: look,
          FunctionExpression: look,
          TSFunctionType: look,
          TSMethodSignature: look,
        };
      },
    },
  },
};

export default plugin;

const ROOT = new URL("../../", import.meta.url).pathname;

function isMeasured(filename: string): boolean {
  const path = filename.startsWith(ROOT) ? filename.slice(ROOT.length) : filename;
  return /^(policies|registry)\/.*(?<!_test)\.ts$/.test(path);
}

function nameOf(node: Signature): string {
  // deno-lint-ignore no-explicit-any
  const { id, key, parent } = node as any;
  const name = [id, key, parent?.key, parent?.id].find((named) => named?.type === "Identifier");
  return name === undefined ? "A function" : `Function ${name.name}`;
}
