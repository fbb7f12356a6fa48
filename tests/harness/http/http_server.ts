/** A server of this process; stopped when disposed of. */
export interface HttpServer extends AsyncDisposable {
  /** Its base URL, without a trailing slash. */
  readonly address: string;
}

/** Serves on a free port of this machine. */
export function startHttpServer(answer: Deno.ServeHandler<Deno.NetAddr>): HttpServer {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  return {
    address: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
