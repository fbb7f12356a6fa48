import type { NewPolicy, Seed } from "../../../policies/stores/mod.ts";

/** Texts of policies by their pairs. */
type Texts = Readonly<Record<string, string>>;

/** A policy to put; nobody checks its text. */
export function newPolicy(text: string, change: Partial<NewPolicy> = {}): NewPolicy {
  return { text, change: "put", from: "a test", operating_point: "p1", ...change };
}

/** The texts as a seed. */
export function seedOf(texts: Texts): Seed {
  return (pair) => {
    const text = Object.hasOwn(texts, pair) ? texts[pair] : undefined;
    return Promise.resolve(text === undefined ? undefined : { text, from: "a test" });
  };
}

/** The texts as files of a folder. */
export function policyFiles(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([pair, text]) => [`${pair}.json`, text]));
}
