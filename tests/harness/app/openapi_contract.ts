import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { assert, assertEquals } from "@std/assert";
import type { TestApp } from "./app.ts";

/** What the document says of one answer. */
interface DescribedResponse {
  readonly headers?: Record<string, { readonly $ref?: string; readonly required?: boolean }>;
  readonly content?: Record<string, unknown>;
}

/** What the document says of one operation. */
export interface DescribedOperation {
  readonly operationId: string;
  readonly tags: string[];
  readonly security?: unknown[];
  readonly responses: Record<string, DescribedResponse>;
}

/** The document, as far as tests look at it. */
export interface DescribedApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, DescribedOperation>>;
  readonly components: {
    readonly schemas: Record<string, { readonly properties?: Record<string, unknown> }>;
    readonly headers: Record<string, { readonly required?: boolean }>;
    readonly securitySchemes: Record<string, unknown>;
  };
}

/** An answer that was held to the document. */
export interface CheckedAnswer {
  readonly operationId: string;
  readonly status: number;
  /** Last part of the problem's type, for problem documents. */
  readonly problem?: string;
}

/** Holds answers to the document that the app gives of itself. */
export class Contract {
  /** The document. */
  readonly document: DescribedApi;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #validators = new Map<string, ValidateFunction>();

  /** Over a document. */
  constructor(document: DescribedApi) {
    this.document = document;
    this.#ajv.addSchema(document, "api");
  }

  /** Gets the document from an app. */
  static async of(app: Pick<TestApp, "json">): Promise<Contract> {
    return new Contract(await app.json("/openapi.json"));
  }

  /** Checks status, media type, headers and body of an answer; reads the body to its end. */
  async check(method: string, path: string, response: Response): Promise<CheckedAnswer> {
    const { status } = response;
    const [template, operation] = this.#find(method, path);
    const what = `${method} ${template} ${status}`;
    const described = operation.responses[status];
    assert(described, `${what} is not described: ${await response.clone().text()}`);
    this.#checkHeaders(described, response, what);
    const base = `api#${pointer("paths", template, method.toLowerCase(), "responses", status)}`;
    const type = response.headers.get("content-type")?.split(";")[0];
    if (type === undefined) {
      assertEquals([described.content, await response.text()], [undefined, ""], what);
      return { operationId: operation.operationId, status };
    }
    assert(described.content?.[type], `${what}: ${type} is not described`);
    if (!type.endsWith("json")) {
      await response.body?.cancel();
      return { operationId: operation.operationId, status };
    }
    const body = await response.json();
    this.validate(`${base}${pointer("content", type, "schema")}`, body, what);
    const problem = type === "application/problem+json"
      ? { problem: String(body.type).replace("urn:sluice:problem:", "") }
      : {};
    return { operationId: operation.operationId, status, ...problem };
  }

  /** Validates a value against a schema of the document. */
  validate(reference: string, value: unknown, what: string): void {
    let validate = this.#validators.get(reference);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: reference });
      this.#validators.set(reference, validate);
    }
    assert(validate(value), `${what}: ${this.#ajv.errorsText(validate.errors)}`);
  }

  #find(method: string, path: string): [template: string, DescribedOperation] {
    const parts = path.replace(/\?.*/, "").split("/");
    const fits = Object.keys(this.document.paths).filter((template) => {
      const expected = template.split("/");
      return expected.length === parts.length &&
        expected.every((part, index) => part.startsWith("{") || part === parts[index]);
    });
    // Paths that are written out go before those with parameters.
    const [template = ""] = fits.sort((a, b) => a.split("{").length - b.split("{").length);
    const operation = this.document.paths[template]?.[method.toLowerCase()];
    assert(operation, `${method} ${path} is not described`);
    return [template, operation];
  }

  #checkHeaders({ headers = {} }: DescribedResponse, { headers: given }: Response, what: string) {
    for (const [name, { $ref, required }] of Object.entries(headers)) {
      const component = this.document.components.headers[$ref?.split("/").at(-1) ?? ""];
      if (required ?? component?.required) assert(given.has(name), `${what} lacks ${name}`);
    }
    const described = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const undescribed = Array.from(given.keys()).filter((name) =>
      /^(sluice-|inference-|etag|retry-after|www-auth|server-timing|last-mod|x-request)/.test(
        name,
      ) &&
      !described.has(name)
    );
    assertEquals(undescribed, [], `${what} has headers that are not described`);
  }
}

function pointer(...parts: readonly (string | number)[]): string {
  return parts.map((part) =>
    `/${encodeURIComponent(String(part).replaceAll("~", "~0").replaceAll("/", "~1"))}`
  ).join("");
}
