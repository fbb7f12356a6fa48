/**
 * Unpacks a gzipped file.
 *
 * @param packed Its bytes.
 * @returns What was packed.
 * @throws {TypeError} If the bytes are not gzip.
 */
export async function unzip(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
