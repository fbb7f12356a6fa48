import { z } from "zod";
import { answer } from "../openapi/answers.ts";
import type { Operation } from "../openapi/documented.ts";

/** `$metadata_server_response`. */
export interface ServerMetadata {
  /** The server. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** Extensions of the protocol that it has whole. */
  readonly extensions: readonly string[];
}

/** Describes a {@linkcode ServerMetadata}. */
export const serverMetadataSchema: z.ZodType<ServerMetadata> = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});

const readySchema = z.strictObject({ ready: z.boolean() });

/** `GET /v2`. */
export const getServer: Operation = {
  operationId: "getServerMetadata",
  summary: "Describe the server",
  tags: ["Open Inference Protocol"],
  responses: { 200: answer("The server.", serverMetadataSchema) },
};

/** `GET /v2/health/live`. */
export const getLive: Operation = {
  operationId: "getServerLive",
  isHealth: true,
  summary: "Tell that the server lives",
  tags: ["Open Inference Protocol"],
  responses: { 200: answer("It does.", z.strictObject({ live: z.literal(true) })) },
};

/** `GET /v2/health/ready`. */
export const getReady: Operation = {
  operationId: "getServerReady",
  isHealth: true,
  summary: "Tell whether the server can answer",
  tags: ["Open Inference Protocol"],
  responses: {
    200: answer("It can.", readySchema, "cacheControl"),
    503: answer("It cannot.", readySchema, "cacheControl"),
  },
};
