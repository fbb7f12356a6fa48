import { assertEquals } from "@std/assert";
import { MAX_POLICY_BYTES } from "../../policies/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { latestText, put } from "../harness/app/policy_calls.ts";
import { handSetText, ofLength, weighed } from "../harness/generators/policy_documents.ts";

Deno.test("a document that can be used is taken, however unusual", async (t) => {
  using app = await startTestApp({ workers: 1, adminTokens: ["alpha"] });
  const unusual = {
    "of exactly the length that is allowed": ofLength(MAX_POLICY_BYTES),
    "with members written twice, of which the last counts": handSetText()
      .replace("{", '{"active": "p9", "pair": "other", "active": 3,'),
    "with points of which nothing is proved": handSetText((document) => {
      for (const point of document.points) delete point.certificates;
      delete document.certified;
    }),
    "with weights at the limit": weighed("-1e9"),
  };
  for (const [name, text] of Object.entries(unusual)) {
    await t.step(name, async () => {
      const response = await put(app, text);
      const { changed, operating_point } = await response.json();
      assertEquals([response.status, changed, operating_point], [200, true, "p2"]);
      assertEquals(await latestText(app), text);
    });
  }
});
