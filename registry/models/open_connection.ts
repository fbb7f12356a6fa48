import { lookup } from "node:dns/promises";
import { addressOf, addressReach } from "./address_reach.ts";
import { withDeadline } from "./deadline.ts";
import type { SourceRules } from "./source_rules.ts";

/** Gives the addresses of a host name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Options of {@linkcode openConnection}. */
export interface ConnectionOptions extends SourceRules {
  /**
   * Gives the addresses of a host name.
   *
   * @default asks the system
   */
  readonly lookup?: Lookup | undefined;
  /**
   * Certificates in PEM that are trusted as well.
   *
   * @default those that Deno trusts
   */
  readonly caCerts?: readonly string[] | undefined;
  /** Closes the connection, also while it is in use. */
  readonly signal: AbortSignal;
}

/** The next address gets its turn. */
const CONNECT_MS = 10_000;

const ALLOW = "SLUICE_PRIVATE_SOURCES=true";

/**
 * Connects to the host of a URL, if the rules allow that. Its name is looked up once, and the connection
 * goes to an address that has been checked: a name that soon after means another address (DNS rebinding)
 * makes no difference. `fetch` cannot be told where to connect, `node:http` cannot on Deno 2.5.
 *
 * @param url Where to.
 * @param options See {@linkcode ConnectionOptions}.
 * @returns The connection, to be closed.
 * @throws {Error} If the rules do not allow it, or nobody answers.
 */
export async function openConnection(url: URL, options: ConnectionOptions): Promise<Deno.Conn> {
  const { caCerts = [], signal } = options;
  checkProtocol(url, options);
  const isTls = url.protocol === "https:";
  const port = Number(url.port || (isTls ? 443 : 80));
  const tcp = await connectToAny(await allowedAddresses(url, options), port, signal);
  let connection: Deno.TcpConn | Deno.TlsConn = tcp;
  try {
    if (isTls) {
      // The certificate must be that of the name, wherever the name has led.
      const hostname = addressOf(url.hostname) ?? url.hostname;
      const options = { hostname, caCerts: [...caCerts], alpnProtocols: ["http/1.1"] };
      connection = await Deno.startTls(tcp, options);
    }
    closeOnAbort(connection, signal);
    if ("handshake" in connection) await connection.handshake();
    return connection;
  } catch (error) {
    closeConnection(connection);
    throw error;
  }
}

/** Closes a connection that may be closed already. */
export function closeConnection(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

function closeOnAbort(connection: Deno.Conn, signal: AbortSignal): void {
  signal.throwIfAborted();
  signal.addEventListener("abort", () => closeConnection(connection), { once: true });
}

function checkProtocol({ protocol }: URL, { privateSources }: SourceRules): void {
  if (protocol === "https:" || (protocol === "http:" && privateSources)) return;
  const why = protocol === "http:" ? `; ${ALLOW} allows http to private addresses` : "";
  throw new Error(`its protocol is ${protocol.slice(0, -1)}, expected https${why}`);
}

async function allowedAddresses(
  { protocol, hostname }: URL,
  { privateSources, lookup = systemLookup }: ConnectionOptions,
): Promise<string[]> {
  const literal = addressOf(hostname);
  const found = literal === undefined ? await lookup(hostname) : [literal];
  const addresses = found.flatMap((address) => addressOf(address) ?? []);
  const reaches = addresses.map(addressReach);
  const allowed = addresses.filter((_, at) =>
    reaches[at] === "private" ? privateSources : reaches[at] === "public" && protocol === "https:"
  );
  if (allowed.length > 0) return allowed;
  if (reaches.includes("public")) {
    throw new Error("http is for private addresses only, expected https");
  }
  if (reaches.includes("private")) {
    throw new Error(
      `${hostname} is at a private address, expected a public one; ${ALLOW} allows it`,
    );
  }
  throw new Error(`${hostname} is at no address that models are read from, expected a public one`);
}

async function systemLookup(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** One after the other, as a name may have addresses of IPv6 where only IPv4 gets through. */
async function connectToAny(
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  let failure: unknown;
  for (const hostname of addresses) {
    try {
      const limit = { ms: CONNECT_MS, message: `no answer within ${CONNECT_MS / 1000} s`, signal };
      return await withDeadline(limit, (signal) => {
        const connecting = Deno.connect({ hostname, port });
        connecting.then((late) => signal.aborted && late.close(), () => {});
        return connecting;
      });
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}
