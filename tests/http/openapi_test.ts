import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { createApp } from "../../routes/mod.ts";
import { KINDS, problemType } from "../../routes/http/mod.ts";
import { startTestApp } from "../harness/app/app.ts";
import { Contract } from "../harness/app/openapi_contract.ts";
import { readJson } from "../harness/files/project.ts";

Deno.test("the app describes itself", async (t) => {
  using app = await startTestApp({ workers: 1 }, { plugins: [] });
  const { document } = await Contract.of(app);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation }))
  );

  await t.step("in OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(document) });
    assert(valid, JSON.stringify(errors));
    assertEquals(validator.version, "3.1");
  });

  await t.step("with every route, and with nothing else", () => {
    const routes = createApp(app.services).routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    assertEquals(described.sort(), [...new Set(routes)].sort());
    assert(described.length >= 30);
  });

  await t.step("with an id of its own, a tag and an unexpected error for each", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    assertEquals(ids.length, new Set(ids).size);
    for (const { operation } of operations) {
      assertEquals(operation.tags.length, 1);
      assert(operation.responses["500"]?.content?.["application/problem+json"]);
    }
  });

  await t.step("with every kind of problem", () => {
    const types = Object.values(document.components.schemas).map(({ properties }) => {
      const type = properties?.["type"] as { const?: string } | undefined;
      const status = properties?.["status"] as { const?: number } | undefined;
      return `${status?.const} ${type?.const}`;
    });
    for (const kind of Object.values(KINDS)) {
      assert(types.includes(`${kind.status} ${problemType(kind)}`), kind.slug);
    }
  });

  await t.step("with a token for whatever answers 401", () => {
    for (const { operation, path, method } of operations) {
      const isProtected = operation.security !== undefined;
      assertEquals("401" in operation.responses, isProtected, `${method} ${path}`);
      assertEquals("403" in operation.responses, isProtected, `${method} ${path}`);
    }
    assertEquals(Object.keys(document.components.securitySchemes), ["bearer"]);
  });

  await t.step("with the schema of policy documents", async () => {
    const { $schema: _, ...schema } = await readJson("policies/policy.schema.json");
    // What zod-openapi says more of the union of deciders.
    schema.properties.nodes.additionalProperties.type = "object";
    assertEquals(document.components.schemas["Policy"], schema);
  });
});

Deno.test("the document has a page, with everything that the page loads", async () => {
  using app = await startTestApp({ workers: 1 }, { plugins: [] });
  const { links } = await app.json("/");
  assertEquals([links.openapi, links.docs], ["/openapi.json", "/docs"]);
  const response = await app.request(links.docs);
  const page = await response.text();
  assertStringIncludes(response.headers.get("content-security-policy") ?? "", "default-src 'self'");
  const loaded = Array.from(page.matchAll(/(?:src|href)="([^"]+)"/g), ([, url]) => url as string)
    .filter((url) => !url.startsWith("data:"));
  assertEquals(loaded.length, 4);
  for (const url of loaded) {
    const { pathname } = new URL(url, "http://sluice.test/docs");
    const file = await app.request(pathname);
    const size = (await file.arrayBuffer()).byteLength;
    assert(file.ok && size > 50, `${pathname}: ${file.status}, ${size} bytes`);
  }
});
