import { elementCount, type Session, type Tensor } from "../../../registry/base/mod.ts";
import { startHttpServer } from "../http/http_server.ts";

/** What a test may have a server do otherwise. */
export interface FakeOipServerOptions {
  /**
   * Whether it takes and gives binary tensors.
   *
   * @default true
   */
  readonly binary?: boolean;
  /**
   * Answers in place of the server.
   *
   * @default the server answers everything
   */
  readonly answer?: (
    request: Request,
    usual: () => Promise<Response>,
  ) => Response | Promise<Response>;
}

/** A small server of the Open Inference Protocol v2, written for tests; closed when disposed of. */
export interface FakeOipServer extends AsyncDisposable {
  /** Its base URL. */
  readonly url: string;
  /** What it was asked: method, path and content type. */
  readonly log: string[];
  /** The models by name. */
  readonly models: Map<string, Session>;
}

interface SentTensor {
  readonly name: string;
  readonly shape: number[];
  readonly data?: number[];
  readonly parameters?: { readonly binary_data_size: number };
}

/** Starts a server on a free port. */
export function startFakeOipServer(
  { binary = true, answer }: FakeOipServerOptions = {},
): FakeOipServer {
  const models = new Map<string, Session>();
  const log: string[] = [];
  const server = startHttpServer((request) => {
    const { pathname } = new URL(request.url);
    log.push(`${request.method} ${pathname} ${request.headers.get("content-type") ?? ""}`.trim());
    const usual = () => answerUsually(request, pathname, models, binary);
    return answer ? answer(request, usual) : usual();
  });
  return {
    url: server.address,
    log,
    models,
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

async function answerUsually(
  request: Request,
  path: string,
  models: ReadonlyMap<string, Session>,
  binary: boolean,
): Promise<Response> {
  if (path === "/v2") {
    return Response.json({ name: "test", extensions: binary ? ["binary_tensor_data"] : [] });
  }
  const [, name = "", infer] = /^\/v2\/models\/([^/]+)(\/infer)?$/.exec(path) ?? [];
  const session = models.get(name);
  if (!session) return Response.json({ error: `there is no model ${name}` }, { status: 404 });
  if (infer) return await runModel(request, name, session, binary);
  const describe = ({ name, shape }: { name: string; shape: readonly (number | string)[] }) => ({
    name,
    datatype: "FP32",
    shape: shape.map((size) => typeof size === "string" ? -1 : size),
  });
  return Response.json({
    name,
    inputs: session.inputs.map(describe),
    outputs: session.outputs.map(describe),
  });
}

async function runModel(
  request: Request,
  name: string,
  session: Session,
  binary: boolean,
): Promise<Response> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  const length = Number(request.headers.get("inference-header-content-length") ?? bytes.length);
  const body = JSON.parse(new TextDecoder().decode(bytes.subarray(0, length)));
  let at = length;
  const feeds: Record<string, Tensor> = {};
  for (const { name, shape, data, parameters } of body.inputs as SentTensor[]) {
    const numbers = parameters
      ? new Float32Array(bytes.slice(at, at += parameters.binary_data_size).buffer)
      : Float32Array.from(data ?? []);
    feeds[name] = { datatype: "FP32", shape, data: numbers };
  }
  let outputs: Record<string, Tensor>;
  try {
    outputs = await session.run(feeds);
  } catch (error) {
    return Response.json({ error: (error as Error).message }, { status: 400 });
  }
  const wanted = body.outputs.map((output: { name: string }) => output.name as string);
  return inferAnswer(name, wanted.map((name: string) => [name, outputs[name]]), binary);
}

/** An answer of the protocol, with the tensors in JSON or behind it. */
export function inferAnswer(
  model: string,
  outputs: readonly (readonly [name: string, tensor: Tensor])[],
  binary: boolean,
): Response {
  const json = JSON.stringify({
    model_name: model,
    outputs: outputs.map(([name, { shape, data }]) => ({
      name,
      datatype: "FP32",
      shape,
      ...(binary
        ? { parameters: { binary_data_size: 4 * elementCount(shape) } }
        : { data: Array.from(data) }),
    })),
  });
  if (!binary) return new Response(json, { headers: { "content-type": "application/json" } });
  const parts = outputs.map(([, { data }]) => new Uint8Array(new Float32Array(data).buffer));
  return new Response(new Blob([json, ...parts]), {
    headers: {
      "content-type": "application/octet-stream",
      "inference-header-content-length": String(new TextEncoder().encode(json).length),
    },
  });
}
