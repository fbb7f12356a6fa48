import { Hono } from "hono";
import { html } from "hono/html";
import { HTTPException } from "hono/http-exception";
import { locations } from "../../registry/mod.ts";
import { documented } from "../openapi/documented.ts";
import { getPage, getPageFile } from "./docs_description.ts";
import { DOCS_FILES, SETUP_FILE } from "./docs_files.ts";

const PAGE = html`
  <!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Sluice</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="docs/swagger-ui.css">
    </head>
    <body>
      <noscript>See <a href="openapi.json">openapi.json</a>.</noscript>
      <div id="docs"></div>
      <script src="docs/swagger-ui-bundle.js"></script>
      <script src="docs/${SETUP_FILE}"></script>
    </body>
  </html>
`;

/** A file of its own, so that the page needs no scripts within it. */
const SETUP = `SwaggerUIBundle({ url: "openapi.json", dom_id: "#docs", deepLinking: true });\n`;

/** Nothing is loaded from elsewhere. Swagger UI sets styles and has images in its style sheet. */
const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

/** `/docs`: the document as a page, with everything that it needs. */
export function docsRoutes(): Hono {
  const app = new Hono();
  app.get("/", documented(getPage), (c) => {
    c.header("cache-control", "no-cache");
    c.header("content-security-policy", POLICY);
    return c.html(PAGE);
  });
  app.get("/:file", documented(getPageFile), async (c) => {
    const name = c.req.param("file");
    c.header("cache-control", "no-cache");
    if (name === SETUP_FILE) {
      return c.body(SETUP, 200, { "content-type": "text/javascript; charset=utf-8" });
    }
    const type = Object.hasOwn(DOCS_FILES, name) ? DOCS_FILES[name] : undefined;
    if (type === undefined) {
      throw new HTTPException(404, { message: `the page has no file ${JSON.stringify(name)}` });
    }
    return c.body(await Deno.readFile(locations.docs(name)), 200, { "content-type": type });
  });
  return app;
}
