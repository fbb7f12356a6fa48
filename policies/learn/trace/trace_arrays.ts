import { type NpyNumbers, type ParsedNpyArray, parseNpy } from "./npy.ts";
import { unpackNpz } from "./npz.ts";
import { TraceError } from "./trace_error.ts";

const INTEGERS = /^[|<][iub]/;
const FLOATS = /^<f/;
const NUMBERS = /^[|<][iuf]/;

/** The arrays of a `.npz` file by name; each getter says what is wrong with the array that it reads. */
export class TraceArrays {
  readonly #arrays: ReadonlyMap<string, ParsedNpyArray>;

  /**
   * Unpacks the arrays.
   *
   * @param bytes The `.npz` file.
   * @throws {TraceError} If the file or one of the arrays cannot be read.
   */
  constructor(bytes: Uint8Array) {
    const files = asTraceError(undefined, () => unpackNpz(bytes));
    this.#arrays = new Map(
      [...files].map(([array, file]) => [array, asTraceError(array, () => parseNpy(file))]),
    );
  }

  /** Names of all arrays. */
  names(): string[] {
    return [...this.#arrays.keys()];
  }

  /** Whether there is such an array. */
  has(array: string): boolean {
    return this.#arrays.has(array);
  }

  /** Sizes of an array's dimensions. */
  shape(array: string): readonly number[] {
    return this.#get(array).shape;
  }

  /**
   * Floats of any width.
   *
   * @param array Name of the array.
   * @param shape What shape it must have.
   */
  floats(array: string, shape: readonly number[]): Float32Array {
    return new Float32Array(this.#numbers(array, shape, FLOATS, "float16, float32 or float64"));
  }

  /**
   * Numbers of any type.
   *
   * @param array Name of the array.
   * @param shape What shape it must have.
   */
  numbers(array: string, shape: readonly number[]): Float64Array {
    return Float64Array.from(this.#numbers(array, shape, NUMBERS, "real numbers"), Number);
  }

  /**
   * Integers of any width that fit into 32 bits.
   *
   * @param array Name of the array.
   * @param shape What shape it must have.
   */
  integers(array: string, shape: readonly number[]): Int32Array {
    const values = this.#numbers(array, shape, INTEGERS, "integers");
    const width = shape.slice(1).reduce((product, size) => product * size, 1);
    return Int32Array.from(values, (value, index) => {
      const number = Number(value);
      if (number === (number | 0)) return number;
      const row = Math.floor(index / width);
      throw new TraceError(`expected an integer of 32 bits, got ${value}`, { array, row });
    });
  }

  /**
   * Texts.
   *
   * @param array Name of the array.
   * @param shape What shape it must have.
   */
  texts(array: string, shape: readonly number[]): readonly string[] {
    const { dtype, values } = this.#get(array, shape);
    if (dtype.startsWith("<U")) return values as readonly string[];
    throw new TraceError(`expected text (dtype <U…), got dtype ${dtype}`, { array });
  }

  #numbers(
    array: string,
    shape: readonly number[],
    type: RegExp,
    expected: string,
  ): ArrayLike<number> {
    const { dtype, values } = this.#get(array, shape);
    // 64-bit integers are left to the caller to convert.
    if (type.test(dtype)) return values as NpyNumbers as ArrayLike<number>;
    throw new TraceError(`expected ${expected}, got dtype ${dtype}`, { array });
  }

  #get(array: string, shape?: readonly number[]): ParsedNpyArray {
    const found = this.#arrays.get(array);
    if (!found) throw new TraceError("missing", { array });
    if (shape && (found.shape.length !== shape.length || found.shape.some(differs(shape)))) {
      const [expected, got] = [shape, found.shape].map((sizes) => `[${sizes.join(", ")}]`);
      throw new TraceError(`expected shape ${expected}, got ${got}`, { array });
    }
    return found;
  }
}

function differs(shape: readonly number[]): (size: number, axis: number) => boolean {
  return (size, axis) => size !== shape[axis];
}

function asTraceError<T>(array: string | undefined, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new TraceError(cause.message, { array }, undefined, { cause });
  }
}
