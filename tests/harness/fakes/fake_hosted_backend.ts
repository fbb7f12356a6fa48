import type { Backend, Session } from "../../../registry/base/mod.ts";
import { RemoteBackend } from "../../../registry/runtime/mod.ts";
import type { RemoteModel } from "../../../registry/models/mod.ts";
import { startFakeOipServer } from "./fake_oip_server.ts";

/** The remote backend with a server behind it, so that it can be given ONNX files as any other. */
export class FakeHostedBackend implements Backend {
  readonly name = "remote";
  readonly #host: Backend;
  readonly #remote = new RemoteBackend();
  #count = 0;

  /** Serves models with another backend. */
  constructor(host: Backend) {
    this.#host = host;
  }

  async load(model: Uint8Array): Promise<Session> {
    const hosted = await this.#host.load(model);
    const server = startFakeOipServer({ binary: this.#count++ % 2 === 0 });
    server.models.set("hosted", hosted);
    const description: RemoteModel = {
      url: `${server.url}/v2/models/hosted`,
      timeoutMs: 30_000,
      inputs: hosted.inputs.map(({ name }) => name),
      reads: hosted.outputs.map(({ name }) => name),
    };
    const session = await this.#remote.load(
      new TextEncoder().encode(JSON.stringify(description)),
    );
    return {
      served: session.served,
      inputs: session.inputs,
      outputs: session.outputs,
      run: (feeds) => session.run(feeds),
      release: async () => {
        await session.release();
        await server[Symbol.asyncDispose]();
        await hosted.release();
      },
    };
  }
}
