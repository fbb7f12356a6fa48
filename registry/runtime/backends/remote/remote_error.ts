/** What a server has to do with a failure. */
export type Failure =
  /** Nothing has reached it: trying again costs it nothing. */
  | "not sent"
  /** It, or the way to it, is in trouble. */
  | "trouble"
  /** It works, but refuses this request: other inputs may do. */
  | "refused";

/** A server that runs a model elsewhere has not answered as it should. */
export class RemoteError extends Error {
  /** What the server has to do with it. */
  readonly failure: Failure;

  /** Says what happened, without address or token. */
  constructor(message: string, failure: Failure = "trouble") {
    super(message);
    this.name = "RemoteError";
    this.failure = failure;
  }
}
