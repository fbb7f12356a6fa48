import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { KEPT_VERSIONS, type PolicyVersion } from "../../policies/stores/mod.ts";
import {
  type Changed,
  type ChangeOptions,
  type DryRunResult,
  InvalidInputError,
  type LivePolicy,
} from "../../registry/mod.ts";
import { callerOf, requireToken } from "../http/admin.ts";
import { readJson } from "./classify_body.ts";
import { round, showCost } from "../http/format.ts";
import { documented } from "../openapi/documented.ts";
import {
  choiceSchema,
  getPolicy,
  getVersion,
  listVersions,
  patchPolicy,
  putPolicy,
  rollbackPolicy,
  rollbackSchema,
  validatePolicyDocument,
  versionSchema,
} from "./policy_description.ts";
import { readPolicyBody } from "./policy_body.ts";
import { entityTag, matches, readPrecondition } from "../http/precondition.ts";
import { parseInput } from "../http/parse_input.ts";
import type { Services } from "../http/services.ts";

/** `/v1/pairs/{pair}/policy`: the policy document, its versions, and the calls that change it. */
export function policyRoutes({ registry, config }: Services): Hono {
  const app = new Hono();
  const liveOf = (c: Context): LivePolicy => registry.get(c.req.param("pair") ?? "").live;
  const admin = requireToken(config.adminTokens);

  app.use("*", async (c, next) => {
    // Before, because to change a response its body is made a stream: sent while the request's own body
    // has not been read to its end, that is cut off by Deno 2.5.
    // And not transformed: Deno 2.5 compresses by itself, and makes a weak tag of a strong one, which
    // If-Match never takes.
    c.header("cache-control", "no-store, no-transform");
    await next();
  });

  app.get("/:pair/policy", documented(getPolicy), async (c) => {
    const stored = await liveOf(c).latest();
    setVersionHeaders(c, stored);
    const known = c.req.header("if-none-match") ?? "";
    if (matches(known, entityTag(stored), true)) return c.body(null, 304);
    return c.body(stored.text, 200, { "content-type": "application/json" });
  });

  app.put("/:pair/policy", documented(putPolicy), admin, async (c) => {
    const live = liveOf(c);
    const options = changeOptions(c, true);
    const text = await readPolicyBody(c, config.maxBodyBytes);
    return sendChange(c, await live.replace(text, options));
  });

  app.patch("/:pair/policy", documented(patchPolicy), admin, async (c) => {
    const live = liveOf(c);
    const { active } = parseInput(choiceSchema, await readJson(c));
    return sendChange(c, await live.choose(active, changeOptions(c, false)));
  });

  app.post("/:pair/policy/validate", documented(validatePolicyDocument), async (c) => {
    const live = liveOf(c);
    const dryRun = await live.validate(await readPolicyBody(c, config.maxBodyBytes));
    return c.json({ pair: c.req.param("pair"), valid: true, ...describeDryRun(dryRun) });
  });

  app.get("/:pair/policy/versions", documented(listVersions), async (c) => {
    const live = liveOf(c);
    const versions = await live.versions();
    const { name, operatingPoint, rejected } = live.snapshot;
    return c.json({
      pair: c.req.param("pair"),
      serves: { policy: name, operating_point: operatingPoint },
      ...(rejected !== undefined && { rejected }),
      versions: versions.map((version, index) =>
        describeVersion(c, version, index < KEPT_VERSIONS)
      ),
    });
  });

  app.get("/:pair/policy/versions/:version", documented(getVersion), async (c) => {
    const live = liveOf(c);
    const number = readVersion(c.req.param("version"));
    const info = (await live.versions()).find(({ version }) => version === number);
    const text = info && await live.text(number);
    if (!info || text === undefined) {
      const message = `version ${number} is not kept; GET ${c.req.path.replace(/\/[^/]*$/, "")}`;
      throw new HTTPException(404, { message: `${message} lists what there is` });
    }
    setVersionHeaders(c, info);
    return c.body(text, 200, { "content-type": "application/json" });
  });

  app.post("/:pair/policy/rollback", documented(rollbackPolicy), admin, async (c) => {
    const live = liveOf(c);
    const text = await c.req.text();
    const body = text.trim() === "" ? {} : await readJson(c);
    const { version } = parseInput(rollbackSchema, body);
    return sendChange(c, await live.rollback(version, changeOptions(c, false)));
  });
  return app;
}

function changeOptions(c: Context, required: boolean): ChangeOptions {
  return { from: callerOf(c), check: readPrecondition(c, required) };
}

function readVersion(text: string): number {
  const read = versionSchema.safeParse(text);
  if (read.success) return read.data;
  throw new InvalidInputError(
    "version",
    `is ${JSON.stringify(text)}, expected a whole number from 1`,
  );
}

function nameOf(c: Context, { version }: Pick<PolicyVersion, "version">): string {
  return `${c.req.param("pair")}@${version}`;
}

function setVersionHeaders(c: Context, version: PolicyVersion): void {
  c.header("etag", entityTag(version));
  c.header("sluice-policy", nameOf(c, version));
  c.header("last-modified", new Date(version.date).toUTCString());
}

export function sendChange(c: Context, { stored, isNew, dryRun }: Changed): Response {
  setVersionHeaders(c, stored);
  const status = isNew && stored.version === 1 ? 201 : 200;
  return c.json({
    pair: c.req.param("pair"),
    policy: nameOf(c, stored),
    version: stored.version,
    changed: isNew,
    ...describeDryRun(dryRun),
  }, status);
}

export function describeDryRun({ operatingPoint, certified, n, costUnit, points }: DryRunResult) {
  return {
    operating_point: operatingPoint,
    certified,
    dry_run: {
      n,
      points: points.map(({ id, paths, cost }) => ({
        id,
        cost: showCost({ unit: costUnit }, cost),
        cost_unit: costUnit,
        paths: Object.fromEntries(Object.entries(paths).map(([key, share]) => [key, round(share)])),
      })),
    },
  };
}

function describeVersion(c: Context, version: PolicyVersion, kept: boolean) {
  return { policy: nameOf(c, version), ...version, etag: entityTag(version), kept };
}
