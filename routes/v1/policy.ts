import { type Context, Hono } from "hono";
import type { LivePolicy } from "../../registry/mod.ts";
import { requireToken } from "../http/admin.ts";
import { parseInput } from "../http/parse_input.ts";
import { entityTag, matches } from "../http/precondition.ts";
import { readJson } from "../http/read_json.ts";
import { readPolicyBody } from "../http/read_policy_body.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import { changeOptions, describeDryRun, sendChange, setVersionHeaders } from "./policy_change.ts";
import {
  choiceSchema,
  getPolicy,
  patchPolicy,
  putPolicy,
  validatePolicyDocument,
} from "./policy_description.ts";

/** `/v1/pairs/{pair}/policy`: the policy document, and the calls that put another in its place. */
export function policyRoutes({ registry, config }: Services): Hono {
  const app = new Hono();
  const liveOf = (c: Context): LivePolicy => registry.get(c.req.param("pair") ?? "").live;
  const admin = requireToken(config.adminTokens);

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
  return app;
}
