import parse from "parse-prometheus-text-format";

/** A metric as its text says it. */
interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly metrics: readonly {
    readonly value?: string;
    readonly labels?: Readonly<Record<string, string>>;
  }[];
}

/** What a server has counted. */
export class Scrape {
  /** The metrics by name. */
  readonly families: ReadonlyMap<string, Family>;
  /** The same without types, so that each part of a histogram is a metric of its own. */
  readonly #samples: readonly Family[];

  /** Reads the answer of `/metrics`. */
  constructor(text: string) {
    this.families = new Map((parse(text) as Family[]).map((family) => [family.name, family]));
    // The parser takes all histograms of a metric for one, whatever their labels.
    this.#samples = parse(text.replaceAll(/^#.*\n/gm, ""));
  }

  /** Sum of a metric's values (of a histogram, its counts) over all that have the labels. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const family = this.families.get(name);
    if (!family) throw new Error(`there is no metric ${name}`);
    const counted = family.type === "HISTOGRAM" ? `${name}_count` : name;
    return this.#samples
      .flatMap((sample) => sample.name === counted ? sample.metrics : [])
      .filter((metric) => {
        return Object.entries(labels).every(([key, value]) => metric.labels?.[key] === value);
      })
      .reduce((sum, { value }) => sum + Number(value), 0);
  }
}
