import { startHttpServer } from "../http/http_server.ts";

/** A span as OTLP tells it, with its attributes as a plain object. */
export interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A collector of OpenTelemetry that takes spans as JSON; closed when disposed of. */
export interface FakeCollector extends AsyncDisposable {
  /** Its base URL. */
  readonly url: string;
  /** Waits for a span of a name, at most half a minute, and gives all that have come. */
  spans(name: string): Promise<readonly CollectedSpan[]>;
}

/** Starts a collector on a free port. */
export function startFakeCollector(): FakeCollector {
  const found: CollectedSpan[] = [];
  let told = Promise.withResolvers<void>();
  const server = startHttpServer(async (r) => {
    const body: Partial<Traces> = await r.json();
    if (body.resourceSpans) found.push(...spansOf(body as Traces));
    told.resolve();
    told = Promise.withResolvers();
    return Response.json({});
  });
  return {
    url: server.address,
    spans: async (name) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no span ${name} came`)), 30_000);
      });
      late.catch(() => {});
      while (!found.some((span) => span.name === name)) await Promise.race([told.promise, late]);
      clearTimeout(timer);
      return found;
    },
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

/** What is read of OTLP's JSON. */
interface Traces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId: string;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes: readonly {
          readonly key: string;
          readonly value: Readonly<Record<string, unknown>>;
        }[];
      }[];
    }[];
  }[];
}

function spansOf({ resourceSpans }: Traces): CollectedSpan[] {
  const scopes = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans);
  return scopes.flatMap(({ spans }) => spans).map((span) => ({
    ...span,
    start: Number(span.startTimeUnixNano) / 1e6,
    end: Number(span.endTimeUnixNano) / 1e6,
    attributes: Object.fromEntries(
      span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
    ),
  }));
}
