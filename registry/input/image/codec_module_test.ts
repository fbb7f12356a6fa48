import { assert, assertRejects } from "@std/assert";
import { assertSpyCalls, spy, stub } from "@std/testing/mock";
import { codecModule } from "./codec_module.ts";

Deno.test("codecModule() tries again after a failure, then compiles once", async () => {
  {
    using _ = stub(Deno, "readFile", () => Promise.reject(new Deno.errors.NotFound("gone")));
    await assertRejects(() => codecModule("resize"), Deno.errors.NotFound, "gone");
  }
  using reads = spy(Deno, "readFile");
  const [first, second] = await Promise.all([codecModule("resize"), codecModule("resize")]);
  assert(first === second && first === await codecModule("resize"));
  assertSpyCalls(reads, 1);
});
