import { cruise, type ICruiseResult, type IResolveOptions } from "dependency-cruiser";
import { version as typescriptVersion } from "typescript";
import { fileURLToPath } from "node:url";
import type { ImportRule } from "./rules.ts";

/** A file that was read, or a module that one imports. */
export type Module = ICruiseResult["modules"][number];
/** An import that breaks a rule. */
export type Violation = ICruiseResult["summary"]["violations"][number];

/** What was read of a tree. */
export interface Read {
  /** The files of the tree, without packages and modules of Node. */
  readonly files: readonly Module[];
  /** How many imports the files have, those of packages included. */
  readonly imports: number;
  /** The imports that break a rule. */
  readonly violations: readonly Violation[];
}

// What deno.json excludes, and hidden folders.
const NOT_SOURCE = "^(\\.[^./][^/]*|data|models|work|dist)/|^registry/plugins/[^/]+/train/work/";

/**
 * Reads the imports of all files below a folder and holds them to the rules.
 *
 * @param root The folder, with a trailing slash. Its `deno.json` has the names for imports.
 * @param rules What is forbidden.
 * @returns The files, and the imports that break a rule.
 */
export async function readImports(root: URL, rules: readonly ImportRule[]): Promise<Read> {
  assertTypeScript(typescriptVersion);
  const { output } = await cruise(
    ["."],
    {
      baseDir: fileURLToPath(root).replace(/\/$/, ""),
      validate: true,
      ruleSet: {
        forbidden: rules.map(({ reason: _, ...rule }) => ({ ...rule, severity: "error" })),
      },
      exclude: { path: NOT_SOURCE },
      doNotFollow: { path: "(^|/)node_modules/" },
      // Types too: whoever must read a file to understand another depends on it.
      tsPreCompilationDeps: true,
      parser: "tsc",
      skipAnalysisNotInRules: true,
      enhancedResolveOptions: {
        exportsFields: ["exports"],
        conditionNames: ["deno", "node", "import", "require", "default", "types"],
        mainFields: ["module", "main", "types"],
      },
    },
    // It fills in what else the type asks for.
    { alias: await ownNames(root) } as unknown as IResolveOptions,
  );
  const { modules, summary } = output as ICruiseResult;
  return {
    files: modules.filter(({ source, coreModule, couldNotResolve }) =>
      !coreModule && !couldNotResolve && !source.includes("node_modules/")
    ),
    imports: summary.totalDependenciesCruised ?? 0,
    violations: summary.violations,
  };
}

/**
 * Refuses other versions of TypeScript than the one that dependency-cruiser is pinned with. With
 * TypeScript 7 it reads hardly anything, and says nothing.
 *
 * @throws {Error} If the version is not 5.9.
 */
export function assertTypeScript(version: string): void {
  if (!version.startsWith("5.9.")) {
    throw new Error(`Cannot read imports with TypeScript ${version}: expected 5.9`);
  }
}

/** The names of deno.json for files of the tree; those of packages are found in node_modules. */
async function ownNames(root: URL): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  return Object.fromEntries(
    Object.entries(imports as Record<string, string>)
      .filter(([, address]) => address.startsWith("./"))
      .map(([name, address]) => [`${name}$`, fileURLToPath(new URL(address, root))]),
  );
}
