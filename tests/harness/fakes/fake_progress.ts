import type { StartProgress } from "../../../cli/shared/mod.ts";

/** Shows nothing. */
export const startFakeProgress: StartProgress = () => ({ update: () => {}, stop: () => {} });
