import { assert, assertEquals, assertThrows } from "@std/assert";
import { spy } from "@std/testing/mock";
import { readConfig, sourceRules } from "./config.ts";

function read(environment: Record<string, string>) {
  return readConfig((name) => environment[name]);
}

Deno.test("readConfig() serves on port 8000 of this machine unless told otherwise", () => {
  const { workers, ...config } = read({});
  assertEquals(config, {
    port: 8000,
    host: "127.0.0.1",
    plugins: [],
    queue: 256,
    maxBodyBytes: 10_485_760,
    maxModelBytes: 268_435_456,
    privateSources: false,
    maxPixels: 16_000_000,
    maxBatch: 256,
    corsOrigins: [],
    store: "auto",
    policies: undefined,
    kvPath: undefined,
    shadow: 0.01,
    shadowSpare: 1,
    onAlarm: "warn",
    alarmDelta: 0.01,
    feedbackInputs: 10_000,
    feedbackSeconds: 600,
    log: "text",
    logLevel: "info",
    onDeploy: false,
    adminTokens: [],
  });
  assert(workers >= 1 && workers <= 2 && workers <= navigator.hardwareConcurrency);
});

Deno.test("readConfig() reads every variable", () => {
  const config = read({
    PORT: "9000",
    HOST: "0.0.0.0",
    SLUICE_PLUGINS: "plugins",
    SLUICE_WORKERS: "5",
    SLUICE_QUEUE: "7",
    SLUICE_MAX_BODY_BYTES: "2048",
    SLUICE_MAX_MODEL_BYTES: "4096",
    SLUICE_PRIVATE_SOURCES: "true",
    SLUICE_MAX_PIXELS: "1000",
    SLUICE_MAX_BATCH: "9",
    SLUICE_CORS_ORIGINS: "https://example.com",
    SLUICE_STORE: "kv",
    SLUICE_POLICIES: "my policies",
    SLUICE_KV_PATH: "policies.sqlite",
    SLUICE_SHADOW: "5%",
    SLUICE_SHADOW_SPARE: "0",
    SLUICE_ON_ALARM: "rollback",
    SLUICE_ALARM_DELTA: "0.001",
    SLUICE_FEEDBACK_INPUTS: "5",
    SLUICE_FEEDBACK_SECONDS: "60",
    SLUICE_LOG: "json",
    SLUICE_LOG_LEVEL: "warning",
    SLUICE_ADMIN_TOKEN: "old, n3w-._~+/==",
    DENO_DEPLOYMENT_ID: "abc",
  });
  assertEquals(config, {
    port: 9000,
    host: "0.0.0.0",
    plugins: ["plugins"],
    workers: 5,
    queue: 7,
    maxBodyBytes: 2048,
    maxModelBytes: 4096,
    privateSources: true,
    maxPixels: 1000,
    maxBatch: 9,
    corsOrigins: ["https://example.com"],
    store: "kv",
    policies: "my policies",
    kvPath: "policies.sqlite",
    shadow: 0.05,
    shadowSpare: 0,
    onAlarm: "rollback",
    alarmDelta: 0.001,
    feedbackInputs: 5,
    feedbackSeconds: 60,
    log: "json",
    logLevel: "warning",
    onDeploy: true,
    adminTokens: ["old", "n3w-._~+/=="],
  });
});

for (const blank of ["", "  "]) {
  Deno.test(`readConfig() takes ${JSON.stringify(blank)} for a variable that is not set`, () => {
    for (
      const name of ["PORT", "SLUICE_PLUGINS", "SLUICE_WORKERS", "SLUICE_QUEUE", "SLUICE_STORE"]
    ) {
      assertEquals(read({ [name]: blank }), read({}));
    }
    assertEquals(read({ HOST: "" }).host, "127.0.0.1");
  });
}

Deno.test("readConfig() splits lists at commas and forgives spaces", () => {
  const config = read({ SLUICE_PLUGINS: " a , b c,,", SLUICE_CORS_ORIGINS: "*, https://x.org" });
  assertEquals(config.plugins, ["a", "b c"]);
  assertEquals(config.corsOrigins, ["*", "https://x.org"]);
});

/** Variable, smallest and largest value. */
const RANGES: [name: string, min: number, max: number][] = [
  ["PORT", 0, 65_535],
  ["SLUICE_WORKERS", 1, 64],
  ["SLUICE_QUEUE", 0, 100_000],
  ["SLUICE_MAX_BODY_BYTES", 1024, 1_073_741_824],
  ["SLUICE_MAX_MODEL_BYTES", 1024, 2_147_483_648],
  ["SLUICE_MAX_PIXELS", 1, 1_000_000_000],
  ["SLUICE_MAX_BATCH", 1, 100_000],
  ["SLUICE_SHADOW_SPARE", 0, 64],
  ["SLUICE_FEEDBACK_INPUTS", 0, 1_000_000],
  ["SLUICE_FEEDBACK_SECONDS", 1, 86_400],
];

for (const [name, min, max] of RANGES) {
  Deno.test(`readConfig() takes ${name} from ${min} to ${max} and nothing else`, () => {
    for (const value of [min, max]) {
      assert(Object.values(read({ [name]: `${value}` })).includes(value));
    }
    for (const text of [min - 1, max + 1, min + 0.5, "many", "1,5", "8k", "NaN"].map(String)) {
      assertThrows(
        () => read({ [name]: text }),
        RangeError,
        `Cannot use ${name}=${JSON.stringify(text)}: expected a whole number from ${min} to ${max}`,
      );
    }
  });
}

Deno.test("readConfig() refuses a store that there is not", () => {
  assertThrows(
    () => read({ SLUICE_STORE: "redis" }),
    RangeError,
    'Cannot use SLUICE_STORE="redis": expected one of auto, files, kv, memory',
  );
});

Deno.test("readConfig() takes SLUICE_PRIVATE_SOURCES as true or false and nothing else", () => {
  assertEquals(read({ SLUICE_PRIVATE_SOURCES: "false" }).privateSources, false);
  assertThrows(
    () => read({ SLUICE_PRIVATE_SOURCES: "yes" }),
    RangeError,
    'Cannot use SLUICE_PRIVATE_SOURCES="yes": expected one of false, true',
  );
});

Deno.test("sourceRules() gives what settings say of models of the network", () => {
  const config = read({ SLUICE_MAX_MODEL_BYTES: "4096", SLUICE_PRIVATE_SOURCES: "true" });
  assertEquals(sourceRules(config), { maxBytes: 4096, privateSources: true });
});

Deno.test("readConfig() refuses an action that there is not", () => {
  assertThrows(
    () => read({ SLUICE_ON_ALARM: "panic" }),
    RangeError,
    'Cannot use SLUICE_ON_ALARM="panic": expected one of warn, rollback, full',
  );
});

for (
  const [name, texts, expected] of [
    ["SLUICE_SHADOW", ["5", "-1%", "100%", "many"], "expected a share below 100%"],
    ["SLUICE_ALARM_DELTA", ["0", "51%", "one"], "expected more than 0% and at most 50%"],
  ] as const
) {
  Deno.test(`readConfig() refuses for ${name} what is not its share`, () => {
    for (const text of texts) {
      const message = `Cannot use ${name}=${JSON.stringify(text)}: ${expected}`;
      assertThrows(() => read({ [name]: text }), RangeError, message);
    }
  });
}

Deno.test("readConfig() refuses a token that no client could send, and does not repeat it", () => {
  const error = assertThrows(() => read({ SLUICE_ADMIN_TOKEN: "fine, s e c r e t" }), RangeError);
  assertEquals(
    error.message,
    "Cannot use SLUICE_ADMIN_TOKEN: expected tokens of letters, digits and -._~+/, separated by commas",
  );
});

Deno.test("readConfig() asks for no variable that tasks do not permit", () => {
  const read = spy((_name: string) => undefined);
  readConfig(read);
  const asked = read.calls.map(({ args: [name] }) => name);
  assert(
    asked.every((name) => /^(PORT|HOST|SLUICE_[A-Z_]+|DENO_DEPLOY[A-Z_]*)$/.test(name)),
    asked.join(),
  );
});
