/** A server that answers with bytes of the test's own, HTTP or not. */
export interface RawServer extends AsyncDisposable {
  /** URL of a path on it. */
  url(path: string): URL;
  /** The requests that came, in their order. */
  readonly requests: readonly string[];
  /** How many bytes it could send. */
  readonly sent: number;
}

/** Sends a piece of an answer; gives whether somebody still listens. */
export type Send = (piece: Uint8Array | string) => Promise<boolean>;

/**
 * Starts a server on this machine, which ends a connection when its answer ends.
 *
 * @param answer Answers a request.
 * @returns The server.
 */
export function startRawServer(
  answer: (request: string, send: Send) => Promise<unknown>,
): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const running: Promise<void>[] = [];
  let sent = 0;
  const serve = async (connection: Deno.Conn) => {
    using open = connection;
    const buffer = new Uint8Array(65_536);
    const length = await open.read(buffer) ?? 0;
    const request = new TextDecoder().decode(buffer.subarray(0, length));
    requests.push(request);
    await answer(request, async (piece) => {
      const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
      try {
        for (let at = 0; at < bytes.length;) {
          const written = await open.write(bytes.subarray(at));
          at += written;
          sent += written;
        }
        return true;
      } catch {
        return false;
      }
    });
  };
  const accepting = (async () => {
    for await (const connection of listener) running.push(serve(connection));
  })();
  return {
    url: (path) => new URL(path, `http://127.0.0.1:${listener.addr.port}`),
    requests,
    get sent() {
      return sent;
    },
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await accepting;
      await Promise.all(running);
    },
  };
}
