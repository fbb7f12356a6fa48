/**
 * `/openapi.json` and `/docs`: what the routes say of themselves.
 *
 * @module
 */

import { Hono } from "hono";
import { type OpenApiDocument, openApiDocument } from "../openapi/document.ts";
import { documented, type ListedRoute } from "../openapi/documented.ts";
import { docsRoutes } from "./docs.ts";
import { getDocument } from "./openapi_description.ts";

/**
 * The sub-app of the document and its page.
 *
 * @param app The app that is described; its routes are read when the document is first asked for.
 */
export function openApiRoutes(app: { readonly routes: readonly ListedRoute[] }): Hono {
  const routes = new Hono();
  let document: OpenApiDocument | undefined;
  routes.get("/openapi.json", documented(getDocument), (c) => {
    document ??= openApiDocument(app.routes);
    return c.json(document);
  });
  routes.route("/docs", docsRoutes());
  return routes;
}
