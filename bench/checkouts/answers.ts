/** Times and measured costs, which differ from run to run. */
const MEASURED = new Set(["ms", "cost", "full_cost"]);

/**
 * Asks a server for every shipped sample under every policy: the active one, every operating point, and
 * every node always.
 *
 * @param address Base URL of the server.
 * @param pair The pair.
 * @param checkout The checkout whose samples are sent, with a trailing slash.
 * @returns By name, each answer with its headers of policy and route; without what is measured.
 * @throws {Error} If a request is not answered with 200.
 */
export async function answersOf(
  address: string,
  pair: string,
  checkout: URL,
): Promise<[name: string, answer: unknown][]> {
  const answers: [string, unknown][] = [];
  for (const { name, query, headers } of await policiesOf(address, pair)) {
    for await (const { sample, image } of samplesIn(checkout)) {
      const response = await fetch(`${address}/v1/pairs/${pair}/classify${query}`, {
        method: "POST",
        headers: { "content-type": "image/png", ...headers },
        body: image,
      });
      const body = await response.json();
      const what = `${pair} ${name} ${sample}`;
      if (response.status !== 200) throw new Error(`${what}: ${response.status} ${body.detail}`);
      const told = ["sluice-policy", "sluice-operating-point", "sluice-route", "cache-control"]
        .map((header) => response.headers.get(header));
      answers.push([`answer ${what}`, { told, body: withoutMeasured(body) }]);
    }
  }
  return answers;
}

/** How a request names a policy. */
interface Asked {
  readonly name: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function policiesOf(address: string, pair: string): Promise<Asked[]> {
  const of = `${address}/v1/pairs/${pair}`;
  const { models } = await (await fetch(of)).json();
  const { points } = await (await fetch(`${of}/policy`)).json();
  return [
    { name: "active", query: "", headers: {} },
    ...points.map(({ id }: { readonly id: string }) => {
      return { name: id, query: "", headers: { "sluice-operating-point": id } };
    }),
    ...Object.keys(models).map((node) => {
      return { name: `always:${node}`, query: `?policy=always:${node}`, headers: {} };
    }),
  ];
}

async function* samplesIn(checkout: URL) {
  const folder = new URL("registry/plugins/fashion-mnist/samples/", checkout);
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  for (const sample of names.filter((name) => name.endsWith(".png")).toSorted()) {
    yield { sample, image: await Deno.readFile(new URL(sample, folder)) };
  }
}

function withoutMeasured(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMeasured);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !MEASURED.has(key))
      .map(([key, member]) => [key, withoutMeasured(member)]),
  );
}
