import { ROOT } from "../harness/files/project.ts";

/** The pages whose commands are run, by their path in the project. */
export async function listPages(): Promise<string[]> {
  const pages = ["README.md"];
  for await (const { name } of Deno.readDir(new URL("docs/", ROOT))) {
    if (name.endsWith(".md")) pages.push(`docs/${name}`);
  }
  return pages.sort();
}
