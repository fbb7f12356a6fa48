import { folderCircles, folderSizes } from "./folders.ts";
import { type Room, roomOf } from "./map.ts";
import { type Module, type Read, readImports, type Violation } from "./read_imports.ts";
import { AT_LEAST, HOUSE_RULES, importRules, MAX_FILES, type Rule } from "./rules.ts";

/** Something that breaks a rule. */
export interface Finding {
  readonly rule: Rule;
  /** What does: an import as `file → file`, or a folder. */
  readonly where: string;
}

/** What a check found, and in how much. */
export interface Check {
  readonly findings: readonly Finding[];
  readonly modules: number;
  readonly imports: number;
  readonly rules: number;
}

/** What to check. */
export interface CheckOptions {
  /** The folder, with a trailing slash. */
  readonly root: URL;
  readonly rooms: readonly Room[];
}

/**
 * Holds the imports and the folders of a tree to all rules.
 *
 * @returns What breaks a rule, and how many modules, imports and rules there are.
 */
export async function checkArrows({ root, rooms }: CheckOptions): Promise<Check> {
  const rules = importRules(rooms);
  const read = await readImports(root, rules);
  const sources = read.files.filter(({ source }) => /(?<!_test)\.[cm]?[jt]sx?$/.test(source));
  const findings = [
    ...read.violations.map((found) => ({
      rule: rules.find(({ name }) => name === found.rule.name)!,
      where: arrow(found),
    })),
    ...folderFindings(sources),
    ...mapFindings(sources, rooms),
    ...floorFindings(read),
  ];
  return {
    findings,
    modules: read.files.length,
    imports: read.imports,
    rules: rules.length + Object.keys(HOUSE_RULES).length,
  };
}

function arrow({ from, to, cycle }: Violation): string {
  return [from, ...(cycle?.map(({ name }) => name) ?? [to])].join(" → ");
}

function folderFindings(sources: readonly Module[]): Finding[] {
  return [
    ...folderCircles(sources).map(({ from, to, imports }) => ({
      rule: HOUSE_RULES.folderCircle,
      where: `${from} → ${to}${imports > 1 ? ` and ${imports - 1} more like it` : ""}`,
    })),
    ...[...folderSizes(sources)].filter(([, size]) => size > MAX_FILES)
      .map(([folder, size]) => ({
        rule: HOUSE_RULES.folderSize,
        where: `${folder}: ${size} files`,
      })),
  ];
}

function mapFindings(sources: readonly Module[], rooms: readonly Room[]): Finding[] {
  const used = new Set(sources.map(({ source }) => roomOf(rooms, source)));
  return [
    ...sources.map(({ source }) => source).filter((file) => roomOf(rooms, file) === undefined),
    ...rooms.filter((room) => !used.has(room)).map(({ path }) => path),
  ].map((where) => ({ rule: HOUSE_RULES.onTheMap, where }));
}

function floorFindings({ files, imports }: Read): Finding[] {
  if (files.length >= AT_LEAST.modules && imports >= AT_LEAST.imports) return [];
  return [{ rule: HOUSE_RULES.floor, where: `${files.length} modules, ${imports} imports` }];
}
