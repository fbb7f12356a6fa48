import type { Table } from "./table.ts";

/**
 * Lays out a table for a terminal.
 *
 * @param table The table.
 * @returns Lines of text, columns aligned.
 */
export function textTable({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => {
    return row.map((cell) => cell.replaceAll("\n", ", "));
  });
  const widths = columns.map((_, column) => {
    return Math.max(...cells.map((row) => (row[column] ?? "").length));
  });
  const lines = cells.map((row) => {
    return row.map((cell, column) => {
      const width = widths[column] as number;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    }).join("  ");
  });
  return [title, "", ...lines].join("\n");
}
