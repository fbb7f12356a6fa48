import { fileURLToPath } from "node:url";
import { makeFolder } from "../harness/files/folders.ts";
import { outputOf } from "../harness/process/run_command.ts";
import { ROOT } from "../harness/files/project.ts";

/** What a fresh checkout does not have. */
const LEFT_OUT = [".git", "data", "models", "work", "dist", "coverage"];

/** A copy of the project in which commands may change what they like; gone when disposed of. */
export interface Checkout extends AsyncDisposable {
  /** Its URL, with a trailing slash. */
  readonly url: URL;
  /** Folder with a program `deno`, to be put into `PATH`. */
  readonly bin: string;
}

/** Copies the project, with its installed packages, as a fresh checkout has them. */
export async function makeCheckout(): Promise<Checkout> {
  const folder = await makeFolder();
  // In a folder of its own, so that pages may put something beside it.
  const url = new URL("project/", folder.url);
  await Deno.mkdir(url);
  const path = fileURLToPath(url);
  for await (const { name } of Deno.readDir(ROOT)) {
    if (LEFT_OUT.includes(name) || name.startsWith(".test-")) continue;
    // Packages are only read: linked, which takes no time and no space.
    const flags = name === "node_modules" ? "-al" : "-a";
    await outputOf("cp", [flags, fileURLToPath(new URL(name, ROOT)), path]);
  }
  await Deno.remove(new URL("policies/live/.versions", url), { recursive: true })
    .catch(() => {});
  const bin = fileURLToPath(new URL("bin", folder.url));
  await Deno.mkdir(bin);
  await outputOf("ln", ["-s", Deno.execPath(), `${bin}/deno`]);
  return { url, bin, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}
