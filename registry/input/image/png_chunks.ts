const SIGNATURE_BYTES = 8;
/** Length, name and checksum. */
const FRAME_BYTES = 12;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/**
 * Checks that no chunk of a PNG is missing, cut off or damaged. The codec does not look at the
 * checksums, and would return noise for an image.
 *
 * @throws {SyntaxError} If one is.
 */
export function checkPngChunks(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let name = "";
  for (let at = SIGNATURE_BYTES; name !== "IEND";) {
    if (at + FRAME_BYTES > bytes.length) throw new SyntaxError("a chunk is missing");
    const end = at + FRAME_BYTES + view.getUint32(at);
    if (end > bytes.length) throw new SyntaxError("a chunk is incomplete");
    name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw new SyntaxError("the checksum of a chunk is wrong");
    }
    at = end;
  }
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
