import type { Backend, Session } from "../../../base/backend.ts";

/**
 * Runs models that are served elsewhere over the Open Inference Protocol v2: by Triton, KServe, MLServer
 * or another Sluice. What it loads in place of an ONNX file is a description of where the model is and
 * how to ask for it, which `describeRemote()` makes of a plugin.
 */
export class RemoteBackend implements Backend {
  /** Name in plugins and in `GET /v1/pairs`. */
  readonly name = "remote";

  /**
   * Asks the server what the model reads and gives. A server that does not answer is no error: the
   * session is `away` then, and can be asked to `describe()` itself again.
   */
  async load(model: Uint8Array): Promise<Session> {
    // Only now, so that servers without remote nodes do not pay for it in every worker.
    const [{ readRemoteModel }, { RemoteSession }] = await Promise.all([
      import("../../../models/remote_model.ts"),
      import("./remote_session.ts"),
    ]);
    const described = readRemoteModel(model);
    // Read here, by the name that the plugin gives: so the token is in no message and in no session's key.
    const token = described.token === undefined ? undefined : Deno.env.get(described.token);
    const session = new RemoteSession(described, token);
    await session.describe();
    return session;
  }
}
