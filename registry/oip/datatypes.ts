/** What the elements of a tensor are kept in, by the name of the datatype. */
export interface ElementsOf {
  /** 0 or 1. */
  readonly BOOL: Uint8Array<ArrayBuffer>;
  /** As named. */
  readonly UINT8: Uint8Array<ArrayBuffer>;
  /** As named. */
  readonly UINT16: Uint16Array<ArrayBuffer>;
  /** As named. */
  readonly UINT32: Uint32Array<ArrayBuffer>;
  /** As named. */
  readonly UINT64: BigUint64Array<ArrayBuffer>;
  /** As named. */
  readonly INT8: Int8Array<ArrayBuffer>;
  /** As named. */
  readonly INT16: Int16Array<ArrayBuffer>;
  /** As named. */
  readonly INT32: Int32Array<ArrayBuffer>;
  /** As named. */
  readonly INT64: BigInt64Array<ArrayBuffer>;
  /** IEEE 754 half precision. */
  readonly FP16: Float16Array<ArrayBuffer>;
  /** IEEE 754 single precision. */
  readonly FP32: Float32Array<ArrayBuffer>;
  /** IEEE 754 double precision. */
  readonly FP64: Float64Array<ArrayBuffer>;
  /** The upper half of single precision. */
  readonly BF16: Float32Array<ArrayBuffer>;
  /** Byte strings of any length. */
  readonly BYTES: readonly Uint8Array<ArrayBuffer>[];
}

/** Name of an element type in the Open Inference Protocol; `BF16` is Triton's addition. */
export type Datatype = keyof ElementsOf;

/** Elements of any datatype. */
export type Elements = ElementsOf[Datatype];

/** Elements of a fixed size. */
export type FixedElements = ElementsOf[Exclude<Datatype, "BYTES">];

/** A class of typed arrays. */
export interface View {
  /** Bytes of one element. */
  readonly BYTES_PER_ELEMENT: number;
  /** A view of a part of a buffer. */
  new (buffer: ArrayBuffer, byteOffset: number, length: number): FixedElements;
}

/** What must be known of a datatype to read and write it. */
export interface DatatypeInfo {
  /** Binary form of its elements; none where they differ in size. */
  readonly view: View | undefined;
  /** What an element is in JSON. */
  readonly expected: string;
  /** Whether a value of JSON is such an element; none where JSON has no form of the datatype. */
  readonly fits: ((value: unknown) => boolean) | undefined;
}

function integer(view: View, min: number, max: number, hint = ""): DatatypeInfo {
  return {
    view,
    expected: `a whole number from ${min} to ${max}${hint}`,
    fits: (value) => Number.isInteger(value) && value as number >= min && value as number <= max,
  };
}

/** JSON.parse has rounded what is larger already. */
function integer64(view: View, min: number): DatatypeInfo {
  return integer(view, min, Number.MAX_SAFE_INTEGER, ", or larger ones as binary data");
}

function float(view: View, bits: number, round: (value: number) => number): DatatypeInfo {
  return {
    view,
    expected: `a finite ${bits}-bit number`,
    fits: (value) => typeof value === "number" && Number.isFinite(round(value)),
  };
}

/** The datatypes of the Open Inference Protocol, and `BF16`. */
export const DATATYPES: Readonly<Record<Datatype, DatatypeInfo>> = {
  BOOL: {
    view: Uint8Array,
    expected: "true or false",
    fits: (value) => typeof value === "boolean",
  },
  UINT8: integer(Uint8Array, 0, 255),
  UINT16: integer(Uint16Array, 0, 65_535),
  UINT32: integer(Uint32Array, 0, 2 ** 32 - 1),
  UINT64: integer64(BigUint64Array, 0),
  INT8: integer(Int8Array, -128, 127),
  INT16: integer(Int16Array, -32_768, 32_767),
  INT32: integer(Int32Array, -(2 ** 31), 2 ** 31 - 1),
  INT64: integer64(BigInt64Array, Number.MIN_SAFE_INTEGER),
  FP16: float(Float16Array, 16, Math.f16round),
  FP32: float(Float32Array, 32, Math.fround),
  FP64: float(Float64Array, 64, (value) => value),
  BF16: { view: Uint16Array, expected: "binary data", fits: undefined },
  BYTES: {
    view: undefined,
    expected: "a string",
    // TextEncoder would put U+FFFD in the place of half a character.
    fits: (value) => typeof value === "string" && value.isWellFormed(),
  },
};
