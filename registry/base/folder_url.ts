import { pathToFileURL } from "node:url";

/**
 * The URL of a folder.
 *
 * @param path Its path, from the working directory, with or without a trailing slash.
 * @returns Its URL, with a trailing slash.
 */
export function folderUrl(path: string): URL {
  return pathToFileURL(path.endsWith("/") ? path : `${path}/`);
}
