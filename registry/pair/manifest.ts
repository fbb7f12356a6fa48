import type { ListedPlugin } from "./discover.ts";

/**
 * The plugins of a build: `deno task build` puts a generated list in place of this module. In a checkout
 * there is none, and folders are searched.
 */
export const manifest: readonly ListedPlugin[] | undefined = undefined;
