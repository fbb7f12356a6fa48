const EVERY_MS = 10;
/** So that what never comes fails the test instead of hanging it. */
const PATIENCE_MS = 30_000;

/**
 * Waits until something is so.
 *
 * @param what What is waited for, for the error.
 * @param look Gives something that is not falsy once it is so.
 * @returns What `look` gave then.
 * @throws {Error} If it is not so in half a minute.
 */
export async function until<T>(
  what: string,
  look: () => T | false | undefined | Promise<T | false | undefined>,
): Promise<T> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((go) => setTimeout(go, EVERY_MS));
  }
  throw new Error(`${what}: not in ${PATIENCE_MS / 1000} s`);
}
