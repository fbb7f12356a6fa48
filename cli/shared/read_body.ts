/**
 * Reads the body of a response.
 *
 * @param body The body.
 * @param onBytes Is told how many bytes have come so far.
 * @returns All bytes.
 */
export async function readBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onBytes: (done: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  let done = 0;
  const counted = body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        onBytes(done += chunk.length);
        controller.enqueue(chunk);
      },
    }),
  );
  return new Uint8Array(await new Response(counted).arrayBuffer());
}
