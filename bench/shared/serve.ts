import { createApp } from "../../routes/mod.ts";
import { readConfig, startServices } from "../../server/mod.ts";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { type HttpServer, startHttpServer } from "../../tests/harness/http/http_server.ts";

/** Where the live policies are. */
export const LIVE: URL = new URL("../../policies/live/", import.meta.url);

/** Starts a server with one worker on a folder of policies. */
export async function serve(policies: URL, plugins?: readonly URL[]): Promise<HttpServer> {
  const environment = readConfig((name) => Deno.env.get(name));
  const services = await startServices({ ...environment, workers: 1, store: "memory" }, {
    policies,
    ...(plugins && { plugins }),
  });
  const server = startHttpServer(createApp(services).fetch);
  await services.loaded;
  return {
    address: server.address,
    [Symbol.asyncDispose]: async () => {
      services.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Starts a server in which a pair's active point is this one. */
export async function serveAt(
  pair: string,
  point: string,
  plugins: readonly URL[] | undefined,
): Promise<HttpServer> {
  const document = JSON.parse(await Deno.readTextFile(new URL(`${pair}.json`, LIVE)));
  const text = JSON.stringify({ ...document, active: point });
  await using folder = await makeFolder({ [`${pair}.json`]: text });
  return await serve(folder.url, plugins);
}
