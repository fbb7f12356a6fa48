import { fileURLToPath } from "node:url";

/** What a copy needs of no checkout: history, and what tasks have left behind. */
const LEFT_OUT = [".git", "dist", "work", "data", "models", "policies/live/.versions"];

/**
 * Copies a checkout with its packages.
 *
 * @param checkout Path of the checkout.
 * @param into Folder for the copy, with a trailing slash.
 * @returns The copy, with a trailing slash.
 * @throws {Error} If it cannot be copied.
 */
export async function copyCheckout(checkout: string, into: URL): Promise<URL> {
  const copy = new URL("checkout/", into);
  await Deno.mkdir(copy);
  const script = 'tar -C "$1" -cf - $3 . | tar -C "$2" -xf -';
  const excluded = LEFT_OUT.map((path) => `--exclude=./${path}`).join(" ");
  const { success, stderr } = await new Deno.Command("sh", {
    args: ["-c", script, "sh", checkout, fileURLToPath(copy), excluded],
  }).output();
  if (!success) {
    throw new Error(`Cannot copy ${checkout}: ${new TextDecoder().decode(stderr).trim()}`);
  }
  return copy;
}
