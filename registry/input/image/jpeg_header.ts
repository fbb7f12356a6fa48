/** What the frame header of a JPEG says. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 3 is colour, 4 is CMYK. */
  readonly components: number;
  /** How many scans follow: 1 in a baseline file, about 10 in a progressive one. */
  readonly scans: number;
}

const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc9, 0xca]);
const SEGMENTS = new Set([0xc4, 0xcc, 0xdb, 0xdc, 0xdd, 0xfe]);

/**
 * Reads the frame header of a JPEG, going from marker to marker exactly as the codec (libjpeg) does:
 * one that could be led past the true frame to a smaller one would let an image of any size through.
 * `image-dimensions` can: it takes restart markers and stuffed zeros for segments with a length.
 *
 * @returns `undefined` where libjpeg would not find a frame that it can decode.
 */
export function readJpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (true) {
    at = bytes.indexOf(0xff, at);
    if (at < 0) return undefined;
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at++];
    if (marker === undefined || at + 2 > bytes.length) return undefined;
    if (marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (FRAMES.has(marker)) {
      if (at + 8 > bytes.length) return undefined;
      return {
        height: view.getUint16(at + 3),
        width: view.getUint16(at + 5),
        components: view.getUint8(at + 7),
        scans: countScans(bytes, at),
      };
    }
    if (!SEGMENTS.has(marker) && (marker & 0xf0) !== 0xe0) return undefined;
    const length = view.getUint16(at);
    if (length < 2) return undefined;
    at += length;
  }
}

function countScans(bytes: Uint8Array, start: number): number {
  let scans = 0;
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0xda) scans++;
  }
  return scans;
}
