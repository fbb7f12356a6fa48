/**
 * Tries what a server has no business to do and prints, for each attempt, the name of the error that it
 * ended with, or `allowed`. Run by `permissions_test.ts` with the flags of the server; the arguments are
 * folders in which to write, other than that of the policies. Nothing is lost where it is allowed.
 *
 * @module
 */

const INSIDE = "policies/live/.probe";
const FILE = `${INSIDE}/file`;

const attempts: Record<string, () => unknown> = {
  "run a program": () => new Deno.Command(Deno.execPath(), { args: ["--version"] }).outputSync(),
  "read HOME": () => Deno.env.get("HOME"),
  "read PATH": () => Deno.env.get("PATH"),
  "read the whole environment": () => Deno.env.toObject(),
  "set PATH": () => Deno.env.set("PATH", "/nowhere"),
  "read a file elsewhere": () => Deno.readTextFileSync("/etc/passwd"),
  "list a folder elsewhere": () => [...Deno.readDirSync("/")],
  "load a library": () => Deno.dlopen("libc.so.6", {}),
  "ask for the host's name": () => Deno.hostname(),
  "write README.md": () => Deno.openSync("README.md", { write: true }).close(),
  "write main.ts": () => Deno.openSync("main.ts", { append: true }).close(),
  "write the schema": () => Deno.openSync("policies/policy.schema.json", { write: true }).close(),
  "cut off a file": () => Deno.truncateSync("policies/probe-absent"),
  "make policies/live2": () => Deno.mkdirSync("policies/live2"),
  "leave the folder by dots": () => Deno.writeTextFileSync(`${INSIDE}/../../probe`, "x"),
  "make a temporary file": () => Deno.makeTempFileSync(),
  "rename out of the folder": () => Deno.renameSync(FILE, "policies/probe"),
  "rename into the folder": () => Deno.renameSync("probe-absent", `${INSIDE}/from`),
  "link out of the folder": () => Deno.symlinkSync("..", `${INSIDE}/up`),
  "share a file with the folder": () => Deno.linkSync("deno.json", `${INSIDE}/shared`),
  "copy out of the folder": () => Deno.copyFileSync(FILE, "policies/probe"),
  "change who may write": () => Deno.chmodSync("policies/probe-absent", 0o777),
};

for (const folder of Deno.args) {
  attempts[`write in ${folder}`] = () => Deno.writeTextFileSync(`${folder}/probe`, "x");
  attempts[`make a folder in ${folder}`] = () => Deno.mkdirSync(`${folder}/probe-folder`);
  attempts[`remove in ${folder}`] = () => Deno.removeSync(`${folder}/probe-absent`);
  attempts[`rename in ${folder}`] = () => {
    Deno.renameSync(`${folder}/probe-absent`, `${folder}/probe`);
  };
}

const inside: Record<string, () => unknown> = {
  "make a folder in policies/live": () => Deno.mkdirSync(INSIDE),
  "write in policies/live": () => Deno.writeTextFileSync(FILE, "x"),
  "rename in policies/live": () => Deno.renameSync(FILE, `${FILE}2`),
  "copy in policies/live": () => Deno.copyFileSync(`${FILE}2`, FILE),
};

async function outcomeOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
    return "allowed";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

async function outcomesOf(tried: Record<string, () => unknown>): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(tried)) outcomes[name] = await outcomeOf(attempt);
  return outcomes;
}

const allowed = await outcomesOf(inside);
const refused = await outcomesOf(attempts);
Object.assign(
  allowed,
  await outcomesOf({
    "remove in policies/live": () => Deno.removeSync(INSIDE, { recursive: true }),
  }),
);
console.log(JSON.stringify({ allowed, refused }));
