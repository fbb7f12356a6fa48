import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { KEPT_VERSIONS, type PolicyVersion } from "../../policies/stores/mod.ts";
import { InvalidInputError, type LivePolicy } from "../../registry/mod.ts";
import { requireToken } from "../http/admin.ts";
import { parseInput } from "../http/parse_input.ts";
import { entityTag } from "../http/precondition.ts";
import { readJson } from "../http/read_json.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { changeOptions, nameOf, sendChange, setVersionHeaders } from "./policy_change.ts";
import {
  getVersion,
  listVersions,
  rollbackPolicy,
  rollbackSchema,
  versionSchema,
} from "./policy_versions_description.ts";

/** `/v1/pairs/{pair}/policy/versions`, and the way back to one of them. */
export function policyVersionRoutes({ registry, config }: Services): Hono {
  const app = new Hono();
  const liveOf = (c: Context): LivePolicy => registry.get(c.req.param("pair") ?? "").live;
  const admin = requireToken(config.adminTokens);

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

function readVersion(text: string): number {
  const read = versionSchema.safeParse(text);
  if (read.success) return read.data;
  throw new InvalidInputError(
    "version",
    `is ${JSON.stringify(text)}, expected a whole number from 1`,
  );
}

function describeVersion(c: Context, version: PolicyVersion, kept: boolean) {
  return { policy: nameOf(c, version), ...version, etag: entityTag(version), kept };
}
