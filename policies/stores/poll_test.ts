import { assertEquals } from "@std/assert";
import { pollFor } from "./poll.ts";

/** Looks that see one thing after the other; gives how many there had been at each change. */
async function changesOf(seen: readonly (string | Error)[]): Promise<number[]> {
  const end = new AbortController();
  const done = Promise.withResolvers<void>();
  const told: number[] = [];
  let looks = 0;
  pollFor(
    () => {
      const value = seen[looks++] ?? "";
      if (looks === seen.length) queueMicrotask(() => setTimeout(done.resolve, 0));
      return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
    },
    () => told.push(looks),
    { ms: 1, signal: end.signal },
  );
  await done.promise;
  end.abort();
  return told;
}

Deno.test("pollFor() tells of nothing while nothing changes", async () => {
  assertEquals(await changesOf(["a", "a", "a", "a"]), []);
});

Deno.test("pollFor() tells once of a change, when two looks in a row have seen it", async () => {
  assertEquals(await changesOf(["a", "b", "b", "b", "c", "c", "c"]), [3, 6]);
});

Deno.test("pollFor() tells nothing of what has gone back before it was done", async () => {
  assertEquals(await changesOf(["a", "b", "a", "a", "a"]), []);
});

Deno.test("pollFor() tells also of what does not come to rest", async () => {
  assertEquals(await changesOf(["a", "b", "c", "d", "e", "f", "g", "g"]), [4, 7]);
});

Deno.test("pollFor() takes an error for something that is seen", async () => {
  const error = new Error("unreadable");
  assertEquals(await changesOf(["a", error, error, error, "a", "a"]), [3, 6]);
});
