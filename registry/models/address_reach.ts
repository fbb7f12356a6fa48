import ipaddr from "ipaddr.js";

/** Who can be at an address: anyone, only those on the same network, or nobody who serves models. */
export type AddressReach = "public" | "private" | "never";

const PRIVATE: readonly string[] = ["loopback", "private", "carrierGradeNat", "uniqueLocal"];

/** IANA has given out no other unicast addresses of IPv6 (RFC 4291). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** Translated to IPv4 on the way (RFC 6052); the last four bytes are where it ends. */
const NAT64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

/** Where clouds give out credentials of the machine, other than in ranges that are refused anyway. */
const METADATA = [
  "168.63.129.16/32", // Azure
  "100.100.100.200/32", // Alibaba
  "fd00:ec2::/32", // AWS
  "fd20:ce::/32", // Google
].map((range) => ipaddr.parseCIDR(range));

/**
 * Says who can be at an address, after the registries of special-purpose addresses (RFC 6890).
 *
 * @param address An IPv4 or IPv6 address in any notation.
 * @returns `private` is loopback, RFC 1918, shared (RFC 6598) and unique local (RFC 4193); `never` is what
 * is neither that nor public: link-local, multicast, reserved, IPv4 within IPv6, metadata of clouds.
 * @throws {Error} If it is not an address.
 */
export function addressReach(address: string): AddressReach {
  const parsed = ipaddr.parse(address);
  const within = (range: [ipaddr.IPv4 | ipaddr.IPv6, number]) => {
    return range[0].kind() === parsed.kind() && parsed.match(range);
  };
  if (METADATA.some(within)) return "never";
  if (within(NAT64)) {
    const last = ipaddr.fromByteArray(parsed.toByteArray().slice(-4));
    return addressReach(last.toString()) === "public" ? "public" : "never";
  }
  const range = parsed.range();
  if (PRIVATE.includes(range)) return "private";
  const isGiven = parsed.kind() === "ipv4" || within(GLOBAL_IPV6);
  return range === "unicast" && isGiven ? "public" : "never";
}

/**
 * The address that a host name of a URL is, if it is one.
 *
 * @param hostname As in `URL.hostname`: IPv6 in brackets.
 * @returns The address in its usual notation, so that nothing else reads it differently; undefined for a name.
 */
export function addressOf(hostname: string): string | undefined {
  const text = hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(text) ? ipaddr.parse(text).toString() : undefined;
}
