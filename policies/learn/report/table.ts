/** A table of a report, ready to be written as text. */
export interface Table {
  /** Heading. */
  readonly title: string;
  /** What one should know to read it. */
  readonly note: string;
  /** Titles of the columns; the first column names the row. */
  readonly columns: readonly string[];
  /** Cells, as many a row as there are columns; a cell may have several lines. */
  readonly rows: readonly (readonly string[])[];
}
