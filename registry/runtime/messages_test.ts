import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { PolicyError, type PolicyStage } from "../../policies/mod.ts";
import {
  InvalidInputError,
  NodeUnavailableError,
  PluginCodeError,
  PluginError,
} from "../base/errors.ts";
import { decodeError, encodeError } from "./messages.ts";

/** What arrives on the other side of a worker's boundary. */
function send(error: unknown): Error {
  return decodeError(structuredClone(encodeError(error)));
}

Deno.test("decodeError() gives a PluginError its class, field and reason again", () => {
  const error = send(new PluginError("models.a.source", "cannot load: bad magic"));
  assert(error instanceof PluginError);
  assertEquals(error.field, "models.a.source");
  assertEquals(error.reason, "cannot load: bad magic");
  assertEquals(error.message, "models.a.source: cannot load: bad magic");
  assertEquals(error.name, "PluginError");
});

Deno.test("decodeError() gives a PluginCodeError its class, field and reason again", () => {
  const error = send(new PluginCodeError("models.a.preprocess", "failed: boom"));
  assert(error instanceof PluginCodeError);
  assertEquals([error.field, error.reason], ["models.a.preprocess", "failed: boom"]);
  assertEquals([error.name, error.message], [
    "PluginCodeError",
    "models.a.preprocess: failed: boom",
  ]);
});

for (
  const [field, reason] of [["image", "is cut off: no data"], ["inputs[0].data", ""], ["", "x"]]
) {
  Deno.test(`decodeError() gives an InvalidInputError of ${field || "nothing"} its class, field and reason again`, () => {
    const original = new InvalidInputError(field ?? "", reason ?? "");
    const error = send(original);
    assert(error instanceof InvalidInputError);
    assertEquals([error.field, error.reason], [field, reason]);
    assertEquals(error.message, original.message);
  });
}

Deno.test("decodeError() gives a PolicyError its class, stage, pointer and reason again", () => {
  const stages = fc.constantFrom<PolicyStage>("parse", "schema", "bind", "dry_run");
  fc.assert(fc.property(stages, fc.string(), fc.string(), (stage, pointer, reason) => {
    const original = new PolicyError(stage, pointer, reason);
    const error = send(original);
    assert(error instanceof PolicyError);
    assertEquals([error.stage, error.pointer, error.reason], [stage, pointer, reason]);
    assertEquals([error.name, error.message], ["PolicyError", original.message]);
  }));
});

Deno.test("decodeError() gives a NodeUnavailableError its class, node, reason and kind again", () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.boolean(), (node, reason, refused) => {
    const original = new NodeUnavailableError(node, reason, refused);
    const error = send(original);
    assert(error instanceof NodeUnavailableError);
    assertEquals([error.node, error.reason, error.refused], [node, reason, refused]);
    assertEquals([error.name, error.message], ["NodeUnavailableError", original.message]);
  }));
});

Deno.test("decodeError() does not take other errors with a node for a NodeUnavailableError", () => {
  const other = Object.assign(new Error("no good"), { node: "a", refused: true });
  assertEquals(send(other).constructor, Error);
});

Deno.test("decodeError() does not take other errors with a stage for a PolicyError", () => {
  const other = Object.assign(new Error("no good"), { stage: "bind", pointer: "/a" });
  assertEquals(send(other).constructor, Error);
});

Deno.test("decodeError() makes other errors plain ones with their message", () => {
  for (const original of [new Error("no good"), new RangeError("no good")]) {
    const error = send(original);
    assertEquals([error.constructor, error.message], [Error, "no good"]);
  }
});

Deno.test("encodeError() takes whatever may be thrown", () => {
  for (const thrown of ["no good", 5, undefined, null, { reason: "no good" }]) {
    const error = send(thrown);
    assert(error instanceof Error);
    assertEquals(error.message, String(thrown));
  }
});

Deno.test("encodeError() gives what can be sent, whatever the error holds", () => {
  const error = Object.assign(new Error("no good", { cause: () => {} }), { handler: () => {} });
  assertEquals(send(error).message, "no good");
});
