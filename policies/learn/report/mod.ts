/**
 * Reports as JSON, Markdown, one self-contained page of HTML, plots, and text for terminals. It loads a
 * plotting library, so only what draws imports it.
 *
 * @example A table for a terminal
 * ```ts
 * import { textTable } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const text = textTable({
 *   title: "What a node costs",
 *   note: "",
 *   columns: ["node", "cost"],
 *   rows: [["small", "0.11 ms"], ["large", "6.2 ms"]],
 * });
 * assertEquals(
 *   text,
 *   ["What a node costs", "", "node      cost", "small  0.11 ms", "large   6.2 ms"].join("\n"),
 * );
 * ```
 *
 * @module
 */

export { reportTables } from "./report_tables.ts";
export { textTable } from "./report_text.ts";
export type { Table } from "./table.ts";
export { reportFiles, withServed } from "./write_report.ts";
