import { assert, assertRejects } from "@std/assert";
import { codecModule } from "./codec_module.ts";

Deno.test("codecModule() tries again after a failure, then compiles once", async () => {
  const { readFile } = Deno;
  let reads = 0;
  try {
    Deno.readFile = () => Promise.reject(new Deno.errors.NotFound("gone"));
    await assertRejects(() => codecModule("resize"), Deno.errors.NotFound, "gone");
    Deno.readFile = (...args) => (reads++, readFile(...args));
    const [first, second] = await Promise.all([codecModule("resize"), codecModule("resize")]);
    assert(first === second && first === await codecModule("resize"));
    assert(reads === 1);
  } finally {
    Deno.readFile = readFile;
  }
});
