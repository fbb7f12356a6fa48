import type { Config } from "../../../server/mod.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { postJson } from "../http/requests.ts";
import { makePluginFolder, otherPair } from "../files/plugins.ts";

/** The policy of the pair that these calls are about. */
export const POLICY = "/v1/pairs/fashion-mnist/policy";

/** A request that any pair of the shipped networks answers. */
export const INPUT = { data: Array<number>(784).fill(0), shape: [1, 28, 28] };

/** Init of a call that changes a policy, with a token that tests configure. */
export function admin(
  method: "PUT" | "PATCH" | "POST" | "DELETE",
  body?: BodyInit | null,
  headers: Record<string, string> = {},
): RequestInit {
  return { method, body: body ?? null, headers: { authorization: "Bearer alpha", ...headers } };
}

/** Puts a document in the place of whatever is the latest. */
export function put(app: TestApp, text: BodyInit, path = POLICY): Promise<Response> {
  return app.request(path, admin("PUT", text, { "if-match": "*" }));
}

/** The text of the latest version. */
export async function latestText(app: TestApp, path = POLICY): Promise<string> {
  return await (await app.request(path)).text();
}

/** Everything that a refusal leaves as it is: what serves, the text, its tag, and the audit trail. */
export async function stateOf(app: TestApp): Promise<unknown> {
  const response = await app.request(POLICY);
  const { route } = await app.json("/v1/pairs/fashion-mnist/classify", postJson(INPUT));
  return {
    text: await response.text(),
    etag: response.headers.get("etag"),
    policy: route.policy,
    point: route.operating_point,
    versions: await app.json(`${POLICY}/versions`),
    pair: (await app.json("/v1/pairs/fashion-mnist")).policy,
  };
}

/** A document that fits a pair of `otherPair`, which an app has. */
export async function documentFor(app: TestApp, pair: string): Promise<string> {
  const { models: { cheap, dear } } = await app.json(`/v1/pairs/${pair}`);
  return JSON.stringify({
    pair,
    models: { cheap: cheap.sha256, dear: dear.sha256 },
    nodes: { cheap: { class: "threshold", feature: "margin", actions: ["exit", "dear"] } },
    points: [
      { id: "fast", nodes: { cheap: { thresholds: [0] } } },
      { id: "safe", nodes: { cheap: { thresholds: [2] } } },
    ],
    active: "safe",
    provenance: { method: "hand-set" },
  });
}

/** An app whose only pair, `by-hand`, has no policy, and a document that fits it. */
export interface EmptyApp extends AsyncDisposable {
  readonly app: TestApp;
  readonly text: string;
  /** Where its policy would be. */
  readonly path: string;
}

/** Starts an {@linkcode EmptyApp}. */
export async function startEmptyApp(settings: Partial<Config> = {}): Promise<EmptyApp> {
  const folder = await makePluginFolder({ "by-hand": otherPair("by-hand") });
  const app = await startTestApp({ workers: 1, ...settings }, { plugins: [folder.url] });
  return {
    app,
    text: await documentFor(app, "by-hand"),
    path: "/v1/pairs/by-hand/policy",
    [Symbol.asyncDispose]: async () => {
      app[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
