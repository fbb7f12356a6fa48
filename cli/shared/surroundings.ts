import { startBar, type StartProgress } from "./progress.ts";

/** Where a command works. */
export interface Surroundings {
  /** The folder that holds `traces/`, `policies/live/` and `reports/`, with a trailing slash. */
  readonly root: URL;
  /** Prints a line. */
  readonly print: (line: string) => void;
  /** Shows how far something long has come; nothing is shown unless given. */
  readonly startProgress?: StartProgress | undefined;
}

/** This project, and the terminal. */
export const HERE: Surroundings = {
  root: new URL("../../", import.meta.url),
  print: console.log,
  startProgress: startBar,
};
