import type { Context } from "hono";
import { parseShare } from "../../policies/mod.ts";
import { InvalidInputError, type PointRequest } from "../../registry/mod.ts";

/** Under which names a request chooses an operating point. */
export interface PointFields {
  /** That of a listed point. */
  readonly point: string;
  /** That of the largest loss. */
  readonly maxLoss: string;
}

const HEADERS: PointFields = { point: "Sluice-Operating-Point", maxLoss: "Sluice-Max-Loss" };

/**
 * Reads the headers `Sluice-Operating-Point` and `Sluice-Max-Loss`.
 *
 * @param c The request's context.
 * @returns The choice, if there is one.
 * @throws {InvalidInputError} If both are given, or the loss is no share.
 */
export function readPointHeaders(c: Context): PointRequest | undefined {
  const [point, maxLoss] = [c.req.header(HEADERS.point), c.req.header(HEADERS.maxLoss)];
  return readPoint(point, maxLoss, HEADERS);
}

/**
 * Reads a choice of an operating point.
 *
 * @param point Id of a point.
 * @param maxLoss A share such as `0.5%` or `0.005`.
 * @param fields Their names, for errors.
 * @returns The choice, if one of them is given.
 * @throws {InvalidInputError} If both are given, or the loss is no share.
 */
export function readPoint(
  point: string | undefined,
  maxLoss: string | number | undefined,
  fields: PointFields,
): PointRequest | undefined {
  if (point !== undefined && maxLoss !== undefined) {
    const reason = `is given beside ${fields.point}, expected one of them`;
    throw new InvalidInputError(fields.maxLoss, reason);
  }
  if (point !== undefined) return { kind: "point", id: point, field: fields.point };
  if (maxLoss === undefined) return undefined;
  try {
    const alpha = parseShare(fields.maxLoss, String(maxLoss));
    return { kind: "max_loss", alpha, field: fields.maxLoss };
  } catch (error) {
    throw new InvalidInputError(fields.maxLoss, (error as Error).message);
  }
}
