import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { addressOf, type AddressReach, addressReach } from "./address_reach.ts";

/** Ranges that are not public, and what they are; those further up go before. */
const RANGES: readonly (readonly [range: string, reach: AddressReach])[] = [
  ["168.63.129.16/32", "never"],
  ["100.100.100.200/32", "never"],
  ["127.0.0.0/8", "private"],
  ["10.0.0.0/8", "private"],
  ["172.16.0.0/12", "private"],
  ["192.168.0.0/16", "private"],
  ["100.64.0.0/10", "private"],
  ["0.0.0.0/8", "never"],
  ["169.254.0.0/16", "never"],
  ["192.0.0.0/24", "never"],
  ["192.0.2.0/24", "never"],
  ["192.31.196.0/24", "never"],
  ["192.52.193.0/24", "never"],
  ["192.88.99.0/24", "never"],
  ["192.175.48.0/24", "never"],
  ["198.18.0.0/15", "never"],
  ["198.51.100.0/24", "never"],
  ["203.0.113.0/24", "never"],
  ["224.0.0.0/4", "never"],
  ["240.0.0.0/4", "never"],
  ["fd00:ec2::/32", "never"],
  ["fd20:ce::/32", "never"],
  ["::1/128", "private"],
  ["fc00::/7", "private"],
  ["::/128", "never"],
  ["::/96", "never"],
  ["::ffff:0:0/96", "never"],
  ["::ffff:0:0:0/96", "never"],
  ["64:ff9b:1::/48", "never"],
  ["100::/64", "never"],
  ["2001::/23", "never"],
  ["2001:db8::/32", "never"],
  ["2002::/16", "never"],
  ["2620:4f:8000::/48", "never"],
  ["3fff::/20", "never"],
  ["4000::/2", "never"],
  ["8000::/1", "never"],
  ["5f00::/16", "never"],
  ["fe80::/10", "never"],
  ["fec0::/10", "never"],
  ["ff00::/8", "never"],
];

/** By hand, so that the library is not judged by itself. */
function bitsOf(address: string): { value: bigint; width: number } {
  if (!address.includes(":")) {
    const value = address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    return { value, width: 32 };
  }
  const [head = "", tail] = address.split("::");
  const groups = (text: string) => text === "" ? [] : text.split(":");
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = Array(tail === undefined ? 0 : 8 - before.length - after.length).fill("0");
  const value = [...before, ...zeros, ...after]
    .reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
  return { value, width: 128 };
}

function parseRange(range: string): { first: bigint; last: bigint; width: number } {
  const [address = "", length] = range.split("/");
  const { value, width } = bitsOf(address);
  const size = 1n << BigInt(width - Number(length));
  return { first: value, last: value + size - 1n, width };
}

const PARSED = RANGES.map(([range, reach]) => ({ ...parseRange(range), reach }));

function specialReach(value: bigint, width: number): AddressReach | undefined {
  return PARSED.find((range) => {
    return range.width === width && range.first <= value && value <= range.last;
  })?.reach;
}

/** Every way in which an address is written, in URLs and by resolvers. */
function notations(value: bigint, width: number): string[] {
  const part = (size: bigint, at: number) => (value >> (size * BigInt(at))) & ((1n << size) - 1n);
  if (width === 32) {
    const bytes = [3, 2, 1, 0].map((at) => part(8n, at));
    const [first, second] = bytes;
    return [
      bytes.join("."),
      `${value}`,
      `0x${value.toString(16)}`,
      `0${value.toString(8)}`,
      bytes.map((byte) => `0x${byte.toString(16)}`).join("."),
      bytes.map((byte) => `0${byte.toString(8)}`).join("."),
      `${first}.${value & 0xffffffn}`,
      `${first}.${second}.${value & 0xffffn}`,
    ];
  }
  const groups = [7, 6, 5, 4, 3, 2, 1, 0].map((at) => part(16n, at).toString(16));
  const long = groups.map((group) => group.padStart(4, "0")).join(":");
  const bytes = [3, 2, 1, 0].map((at) => part(8n, at));
  return [
    groups.join(":"),
    long,
    long.toUpperCase(),
    groups.join(":").replace(/(^|:)0(:0)*(:|$)/, "::"),
    `${groups.slice(0, 6).join(":")}:${bytes.join(".")}`,
  ];
}

/** Says the same of every notation, as it is and as the host of a URL. */
function reachOfAll(value: bigint, width: number): AddressReach {
  const reaches = notations(value, width).flatMap((text) => {
    const host = new URL(`https://${width === 32 ? text : `[${text}]`}/`).hostname;
    return [addressReach(text), addressReach(addressOf(host) ?? "no address")];
  });
  assertEquals(new Set(reaches).size, 1, `${notations(value, width)}: ${reaches}`);
  return reaches[0] as AddressReach;
}

for (const [at, [range, reach]] of RANGES.entries()) {
  Deno.test(`addressReach() says ${reach} of all of ${range}, in every notation`, () => {
    const { first, last, width } = PARSED[at]!;
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(first, last), fc.bigInt(first, last)),
        (value) => {
          const expected = specialReach(value, width);
          assertEquals(reachOfAll(value, width), expected);
          assertEquals(expected === "private" || expected === "never", true);
        },
      ),
      { numRuns: 50 },
    );
  });
}

Deno.test("addressReach() says public of every other address of IPv4, and of none else", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 32n) - 1n), (value) => {
      assertEquals(reachOfAll(value, 32), specialReach(value, 32) ?? "public");
    }),
    { numRuns: 1000 },
  );
});

Deno.test("addressReach() says public of every other address of IPv6, and of none else", () => {
  const { first, last } = parseRange("2000::/3");
  const anything = fc.oneof(fc.bigInt(first, last), fc.bigInt(0n, (1n << 128n) - 1n));
  fc.assert(
    fc.property(anything, (value) => {
      const special = specialReach(value, 128) ?? (value < first ? "never" : "public");
      assertEquals(reachOfAll(value, 128), special);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("addressReach() says of IPv4 that is mapped or translated what it says of IPv4", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.bigInt(0n, (1n << 32n) - 1n),
        fc.constantFrom(...PARSED.filter(({ width }) => width === 32).map(({ first }) => first)),
      ),
      (value) => {
        const isPublic = specialReach(value, 32) === undefined;
        const translated = parseRange("64:ff9b::/96").first + value;
        assertEquals(reachOfAll(translated, 128), isPublic ? "public" : "never");
        const mapped = parseRange("::ffff:0:0/96").first + value;
        assertEquals(reachOfAll(mapped, 128), "never");
      },
    ),
    { numRuns: 500 },
  );
});

for (
  const [what, address] of [
    ["AWS", "169.254.169.254"],
    ["AWS", "fd00:ec2::254"],
    ["Azure", "168.63.129.16"],
    ["Google", "fd20:ce::254"],
    ["Alibaba", "100.100.100.200"],
    ["Oracle", "192.0.0.192"],
    ["a link with its zone", "fe80::1%eth0"],
  ] as const
) {
  Deno.test(`addressReach() says never of ${address}, of ${what}`, () => {
    assertEquals(addressReach(address), "never");
  });
}

Deno.test("addressReach() refuses what is no address", () => {
  for (const text of ["", "localhost", "1.2.3.4.5", "1.2.3.256", "::1::", "12345::"]) {
    assertThrows(() => addressReach(text), Error);
  }
});

Deno.test("addressOf() finds addresses among hosts of URLs, and writes them one way", () => {
  for (
    const [host, expected] of [
      ["models.example", undefined],
      ["localhost", undefined],
      ["127.0.0.1", "127.0.0.1"],
      ["[::1]", "::1"],
      ["[2001:0DB8::0:1]", "2001:db8::1"],
      ["2130706433", "127.0.0.1"],
    ] as const
  ) {
    assertEquals(addressOf(host), expected);
  }
});
