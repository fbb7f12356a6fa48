import { type Context, Hono } from "hono";
import { parseShare, show } from "../../policies/mod.ts";
import { type CanarySnapshot, InvalidInputError, type LivePolicy } from "../../registry/mod.ts";
import { callerOf, requireToken } from "../http/admin.ts";
import { parseInput } from "../http/parse_input.ts";
import { readJson } from "../http/read_json.ts";
import { readPolicyBody } from "../http/read_policy_body.ts";
import type { Services } from "../http/services.ts";
import { documented } from "../openapi/documented.ts";
import {
  dropCanary,
  getCanary,
  promoteCanary,
  putCanary,
  shareCanary,
  shareSchema,
} from "./canary_description.ts";
import { describeDryRun, sendChange } from "./policy_change.ts";

const DEFAULT_SHARE = "10%";

/** `/v1/pairs/{pair}/policy/canary`: a second document that a share of the requests is answered with. */
export function canaryRoutes({ registry, config }: Services): Hono {
  const app = new Hono();
  const liveOf = (c: Context): LivePolicy => registry.get(c.req.param("pair") ?? "").live;
  const admin = requireToken(config.adminTokens);

  app.get("/:pair/policy/canary", documented(getCanary), async (c) => {
    const canary = await liveOf(c).canary();
    setCanaryHeaders(c, canary);
    return c.body(canary.text, 200, { "content-type": "application/json" });
  });

  app.put("/:pair/policy/canary", documented(putCanary), admin, async (c) => {
    const live = liveOf(c);
    const share = readShare(c.req.query("share") ?? DEFAULT_SHARE);
    const text = await readPolicyBody(c, config.maxBodyBytes);
    const { canary, dryRun } = await live.setCanary(text, { share, from: callerOf(c) });
    return c.json({ ...describeCanary(c, canary), ...describeDryRun(dryRun) });
  });

  app.patch("/:pair/policy/canary", documented(shareCanary), admin, async (c) => {
    const live = liveOf(c);
    const { share } = parseInput(shareSchema, await readJson(c));
    const canary = await live.setCanaryShare(readShare(String(share)), { from: callerOf(c) });
    return c.json(describeCanary(c, canary));
  });

  app.delete("/:pair/policy/canary", documented(dropCanary), admin, async (c) => {
    await liveOf(c).dropCanary({ from: callerOf(c) });
    return c.body(null, 204);
  });

  app.post("/:pair/policy/canary/promote", documented(promoteCanary), admin, async (c) => {
    return sendChange(c, await liveOf(c).promote({ from: callerOf(c) }));
  });
  return app;
}

function readShare(text: string): number {
  let share: number;
  try {
    share = text === "100%" || text === "1" ? 1 : parseShare("share", text);
  } catch (error) {
    throw new InvalidInputError("share", (error as Error).message);
  }
  if (share > 0) return share;
  throw new InvalidInputError("share", `is ${show(text)}, expected more than 0`);
}

function setCanaryHeaders(c: Context, { name, share }: CanarySnapshot): void {
  c.header("sluice-policy", name);
  c.header("sluice-canary-share", String(share));
}

function describeCanary(c: Context, canary: CanarySnapshot) {
  setCanaryHeaders(c, canary);
  return { pair: c.req.param("pair"), canary: canary.name, share: canary.share };
}
