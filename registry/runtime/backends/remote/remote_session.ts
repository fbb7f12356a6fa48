import type { Tensor } from "../../../base/tensor.ts";
import type { Served, Session, TensorInfo } from "../../../base/backend.ts";
import { Guard } from "./guard.ts";
import { ask } from "./http.ts";
import { readInferAnswer, writeInferRequest } from "./infer_message.ts";
import { readModelMetadata, takesBinary } from "./metadata.ts";
import { RemoteError } from "./remote_error.ts";
import type { RemoteModel } from "../../../models/remote_model.ts";

/** Bytes of a number in JSON: sign, 9 digits, point, exponent and more, as servers write doubles. */
const MAX_BYTES_OF_NUMBER = 32;

/** Numbers of an output of which a size beside the batch is free; their count cannot be foreseen. */
const MAX_NUMBERS = 2 ** 20;

/** A model that is served elsewhere over the Open Inference Protocol v2. */
export class RemoteSession implements Session {
  /** What runs the model. */
  readonly served: Served = { backend: "remote" };
  readonly #model: RemoteModel;
  readonly #token: string | undefined;
  readonly #guard = new Guard();
  #inputs: readonly TensorInfo[] = [];
  #outputs: readonly TensorInfo[] = [];
  #binary = false;
  #away: string | undefined = "not asked yet";
  #describing: Promise<void> | undefined;

  /** A session that has not asked its server anything; `describe()` does. */
  constructor(model: RemoteModel, token: string | undefined) {
    this.#model = model;
    this.#token = token;
  }

  /** What the model reads; nothing while its server has not told. */
  get inputs(): readonly TensorInfo[] {
    return this.#inputs;
  }

  /** What is asked of the model; nothing while its server has not told. */
  get outputs(): readonly TensorInfo[] {
    return this.#outputs;
  }

  /** Why the server has not told what the model reads and gives, if it has not. */
  get away(): string | undefined {
    return this.#away;
  }

  /** Asks what the model reads and gives, anew if that is known. Never fails: see `away`. */
  describe(): Promise<void> {
    this.#describing ??= this.#ask().catch((error) => {
      this.#away = error instanceof Error ? error.message : String(error);
    }).finally(() => this.#describing = undefined);
    return this.#describing;
  }

  /**
   * Asks the model.
   *
   * @throws {RemoteError} If it does not answer as it should.
   */
  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
    if (this.#away !== undefined) throw new RemoteError(this.#away);
    const { url, parameters, timeoutMs } = this.#model;
    const { outputs } = this;
    const count = Object.values(feeds)[0]?.shape[0] ?? 1;
    const message = { feeds, outputs, parameters, binary: this.#binary };
    return await this.#guard.run(async () => {
      const answer = await ask({
        ...writeInferRequest(message),
        url: `${url}/infer`,
        token: this.#token,
        timeoutMs,
        maxBytes: MAX_BYTES_OF_NUMBER * numbersOf(outputs, count),
      });
      return readInferAnswer(answer, outputs, count);
    });
  }

  /** There is nothing to free. */
  release(): Promise<void> {
    return Promise.resolve();
  }

  async #ask(): Promise<void> {
    const { url, timeoutMs } = this.#model;
    const request = { token: this.#token, timeoutMs };
    await this.#guard.run(async () => {
      const { bytes } = await ask({ ...request, url });
      const { inputs, outputs } = readModelMetadata(bytes);
      this.#binary = await this.#asksBinary(request);
      const declared = this.#model.inputs;
      this.#inputs = inputs.filter(({ name, optional }) => !optional || declared.includes(name));
      this.#outputs = this.#wanted(outputs);
      this.#away = undefined;
    });
  }

  /** Some gateways have nothing at `/v2`; JSON is understood everywhere. */
  async #asksBinary(
    request: { readonly token: string | undefined; readonly timeoutMs: number },
  ): Promise<boolean> {
    try {
      const url = this.#model.url.replace(/\/v2\/models\/.*$/, "/v2");
      return takesBinary((await ask({ ...request, url })).bytes);
    } catch {
      return false;
    }
  }

  /** The logits and what later nodes read; the others are not worth sending. */
  #wanted(outputs: readonly TensorInfo[]): TensorInfo[] {
    const { output, reads } = this.#model;
    const [only, ...others] = outputs;
    const logits = output ?? (others.length === 0 ? only?.name : "logits");
    return outputs.filter(({ name }) => name === logits || reads.includes(name));
  }
}

function numbersOf(outputs: readonly TensorInfo[], count: number): number {
  return outputs.reduce((sum, { shape }) => {
    const sizes = shape.slice(1);
    const free = sizes.some((size) => typeof size === "string");
    return sum + (free ? MAX_NUMBERS : count * sizes.reduce<number>((n, size) => n * +size, 1));
  }, 0);
}
