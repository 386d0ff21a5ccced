/** ER_NET_PACKET_TOO_LARGE. */
export const PACKET_TOO_LARGE = 1153;

/** Maximum overhead per value, in bytes. */
const PER_VALUE = 16;

/**
 * Rejects a statement that exceeds the server's packet limit, with the server's own error, before anything is sent. The server would close
 * the connection, possibly without an error, which would look like an outage and could affect the next user of the connection. The driver
 * (3.5.4) only checks its limit for batches.
 */
export function assertFitsPacket(sql: string, values: unknown, maxBytes: number): void {
  let bytes = Buffer.byteLength(sql);
  for (const value of Array.isArray(values) ? (values as unknown[]) : []) bytes += sizeOf(value) + PER_VALUE;
  if (bytes < maxBytes) return;
  throw Object.assign(new Error(`The statement has ${bytes} bytes, but the server's max_allowed_packet is ${maxBytes}.`), {
    errno: PACKET_TOO_LARGE,
    sqlState: '08S01',
    sqlMessage: `Got a packet bigger than 'max_allowed_packet' bytes (${bytes} of ${maxBytes})`,
  });
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.byteLength : 0;
}
