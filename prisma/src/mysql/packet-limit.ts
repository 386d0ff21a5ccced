/** ER_NET_PACKET_TOO_LARGE. */
export const PACKET_TOO_LARGE = 1153;

/** What a value takes besides its own bytes, at most. */
const PER_VALUE = 16;

/**
 * Refuses a statement that is larger than the server takes, with the server's own error and before anything is sent. The server would cut
 * the connection, perhaps before it has said why: then the error would look like an outage, and whoever gets the connection next meet it.
 * The driver (3.5.4) looks at its limit in batches only.
 */
export function assertFitsPacket(sql: string, values: unknown, maxBytes: number): void {
  let bytes = Buffer.byteLength(sql);
  for (const value of Array.isArray(values) ? (values as unknown[]) : []) bytes += sizeOf(value) + PER_VALUE;
  if (bytes < maxBytes) return;
  throw Object.assign(new Error(`The statement has ${bytes} bytes, and max_allowed_packet of the server is ${maxBytes}.`), {
    errno: PACKET_TOO_LARGE,
    sqlState: '08S01',
    sqlMessage: `Got a packet bigger than 'max_allowed_packet' bytes (${bytes} of ${maxBytes})`,
  });
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.byteLength : 0;
}
