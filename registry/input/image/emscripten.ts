import mozjpeg from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import webp from "@jsquash/webp/codec/dec/webp_dec.js";
import { codecModule } from "./codec_module.ts";
import type { Decoder, Pixels } from "../../base/pixels.ts";

/** What is used of a module that Emscripten made. */
interface Codec {
  decode(bytes: Uint8Array, preserveOrientation?: boolean): Pixels | null;
}

interface CodecOptions {
  noInitialRun: boolean;
  printErr(line: string): void;
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports;
}

/** A fresh JPEG decoder. */
export async function jpegDecoder(): Promise<Decoder> {
  const lines: string[] = [];
  const codec = await instantiate(mozjpeg, await codecModule("jpeg"), lines);
  return (bytes) => {
    lines.length = 0;
    let image: Pixels | null = null;
    try {
      image = codec.decode(bytes, false);
    } catch (cause) {
      // The codec leaves by `exit()`, and what is thrown is not an `Error`.
      throw new Error(lines.at(-1) ?? "unknown fault", { cause });
    }
    // libjpeg makes up the missing part in grey; PIL refuses such a file.
    if (lines.some((line) => line.startsWith("Premature end"))) throw new Error(lines.at(-1));
    return image;
  };
}

/** A fresh WebP decoder. */
export async function webpDecoder(): Promise<Decoder> {
  const codec = await instantiate(webp, await codecModule("webp"), []);
  return (bytes) => codec.decode(bytes);
}

function instantiate(
  // deno-lint-ignore no-explicit-any -- the package's types name a namespace that it does not declare
  factory: any,
  module: WebAssembly.Module,
  lines: string[],
): Promise<Codec> {
  const options: CodecOptions = {
    noInitialRun: true,
    printErr: (line) => lines.push(line),
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  };
  return factory(options);
}
