/** The real process, started and asked as the README says. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { livePolicy } from "./plugins.ts";

const README = new URL("../README.md", import.meta.url);
const ROOT = new URL("../", import.meta.url);

interface Server {
  readonly address: string;
  readonly output: () => string;
  stop(): Promise<void>;
}

/** Starts `deno task start` on a free port and waits for the banner. */
async function start(env: Record<string, string> = {}): Promise<Server> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
    cwd: ROOT,
    env: { PORT: "0", SLUICE_WORKERS: "1", NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  const ready = Promise.withResolvers<void>();
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes("Sluice serves on") && text.endsWith("\n\n")) ready.resolve();
    }
  };
  const ended = Promise.all([collect(child.stdout), collect(child.stderr), child.status]);
  ended.then(() => ready.reject(new Error(`the server ended:\n${text}`)));
  await ready.promise;
  const [, address = ""] = text.match(/Sluice serves on (\S+)/) ?? [];
  return {
    address,
    output: () => text,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function curl(args: string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command("curl", { args, cwd: ROOT }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("the README's command starts the server and its curl line classifies a sample", async () => {
  const readme = await Deno.readTextFile(README);
  const [, line = ""] = readme.match(/^curl (-F file=@\S+ http:\/\/127\.0\.0\.1:8000\S+)$/m) ?? [];
  assertMatch(line, /classify$/);
  const server = await start();
  try {
    const printed = line.replace("http://127.0.0.1:8000", server.address);
    assert(server.output().includes(`curl ${printed}`), server.output());
    for (const pair of ["fashion-mnist", "fashion-mnist-exits"]) {
      const point = (await livePolicy(pair)).active;
      assertMatch(server.output(), new RegExp(`${pair} +ready .*policy ${pair}@1 \\(${point}\\)`));
    }
    const answer = JSON.parse(await curl(["-s", ...printed.split(" ")]));
    const labels = JSON.parse(
      await Deno.readTextFile(
        new URL("registry/plugins/fashion-mnist/samples/labels.json", ROOT),
      ),
    );
    assertEquals(answer.predictions[0].label, labels["0001.png"]);
    assertEquals(answer.route.policy, "fashion-mnist@1");
  } finally {
    await server.stop();
  }
});

Deno.test("a setting that is not understood ends the start with its name", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
    cwd: ROOT,
    env: { PORT: "eighty" },
  }).output();
  assert(!success);
  assertMatch(new TextDecoder().decode(stderr), /PORT="eighty".*from 0 to 65535/);
});
