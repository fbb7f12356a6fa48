import { type Options, Presets, SingleBar } from "cli-progress";

/** Shows how far something has come. */
export interface Progress {
  /** So many are done. */
  update(done: number): void;
  /** It has ended, well or not. */
  stop(): void;
}

/** Begins to show how far something has come; some can be done already. */
export type StartProgress = (label: string, total: number, done?: number) => Progress;

/** Makes a bar of its own format. */
export function newBar(options: Options): SingleBar {
  return new SingleBar(options, Presets.shades_classic);
}

/** Shows a bar with rate and time left; lines, where the output is not a terminal. */
export const startBar: StartProgress = (label, total, done = 0): Progress => {
  const bar = newBar({
    format: `${label} {bar} {percentage}% | {value}/{total} | {rate}/s | {eta_formatted} left`,
    etaBuffer: 1000,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  const started = performance.now();
  bar.start(total, done, { rate: "-" });
  return {
    update: (now) => {
      const perSecond = (now - done) / (performance.now() - started) * 1000;
      bar.update(now, { rate: perSecond.toFixed(perSecond < 10 ? 1 : 0) });
    },
    stop: () => bar.stop(),
  };
};

/**
 * Shows a bar from the first step to the last.
 *
 * @param label What is under way.
 * @param start Starts the bar; nothing is shown unless given.
 * @returns Is told after every step how many are done, and how many there are to be.
 */
export function showProgress(
  label: string,
  start: StartProgress | undefined,
): (done: number, of: number) => void {
  let bar: Progress | undefined;
  return (done, of) => {
    bar ??= start?.(label, of);
    bar?.update(done);
    if (done < of) return;
    bar?.stop();
    bar = undefined;
  };
}
