/** The trace task as the README and docs/traces.md say it, with the permissions that it has. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { writeIdxFiles } from "../harness/files/idx_files.ts";
import { decodeTrace } from "../../policies/learn/trace/mod.ts";
import { makeFolder } from "../harness/files/folders.ts";
import { runCommand } from "../harness/process/run_command.ts";
import { ROOT } from "../harness/files/project.ts";

async function runTask(...args: string[]): Promise<{ success: boolean; text: string }> {
  const env = { NO_COLOR: "1" };
  const { code, out, error } = await runCommand(Deno.execPath(), ["task", "trace", ...args], {
    env,
  });
  return { success: code === 0, text: `${out}\n${error}` };
}

Deno.test("deno task trace writes the trace of a pair and says what comes next", async () => {
  await using data = await makeFolder();
  await writeIdxFiles(data.url, { train: 30, test: 10 });
  const out = `work/test-${crypto.randomUUID()}/trace.npz`;
  try {
    const args = ["fashion-mnist", "--data", data.url.pathname, "--held-out", "20", "--out", out];
    const { success, text } = await runTask(...args);
    assert(success, text);
    assertMatch(text, /trace\.npz: 30 examples, 20 to learn from and 10 for reports; \d+ bytes/);
    assertMatch(text, /fashion-mnist: answers .*100% \| 30\/30 \| .*\/s/);
    assertMatch(text, /Next: deno task learn fashion-mnist/);
    const trace = decodeTrace(await Deno.readFile(new URL(out, ROOT)), out);
    assertEquals(trace.nodes, ["small", "medium", "large"]);
    assertMatch(trace.measured, /^onnxruntime-web@[\d.]+ on WebAssembly, one thread, one worker; /);
  } finally {
    await Deno.remove(new URL("./", new URL(out, ROOT)), { recursive: true });
  }
});

Deno.test("deno task trace explains what it cannot do, and writes nothing", async () => {
  await using data = await makeFolder();
  const CASES: [args: string[], expected: RegExp][] = [
    [["fashion-mnist"], /Usage: deno task trace <pair> --data <folder>/],
    [["shoes", "--data", data.url.pathname], /Cannot find pair "shoes": expected one of fashion-m/],
    [["fashion-mnist", "--data", data.url.pathname], /expected labels\.csv and images/],
    [["fashion-mnist", "--data", ".", "--part", "2"], /--part 2: expected a whole number from 0/],
    [["fashion-mnist", "--data", ".", "--top", "9"], /--top 9: expected all, or a whole number/],
  ];
  for (const [args, expected] of CASES) {
    const { success, text } = await runTask(...args);
    assert(!success, text);
    assertMatch(text, expected);
    assert(!text.includes("    at "), text);
  }
});
