import type { StartProgress } from "../../../cli/shared/progress.ts";

/** Shows nothing. */
export const startFakeProgress: StartProgress = () => ({ update: () => {}, stop: () => {} });
