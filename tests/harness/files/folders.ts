import { pathToFileURL } from "node:url";

/** An empty folder inside the working directory, where tests may write; gone when disposed of. */
export async function makeFolder(): Promise<AsyncDisposable & { readonly url: URL }> {
  const path = await Deno.makeTempDir({ dir: ".", prefix: ".test-" });
  return {
    url: pathToFileURL(`${path}/`),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
