/** An answer's own time, and when it came by this computer's clock. */
export interface ClockReading {
  readonly serverNow: Date;
  readonly receivedAtMs: number;
}

/**
 * The server's time, estimated: only the time passed since the answer is taken from this computer, so a clock
 * that is set wrong shows no wrong countdown.
 */
export const serverTime = ({ serverNow, receivedAtMs }: ClockReading, clientNowMs: number): Date =>
  new Date(serverNow.getTime() + Math.max(0, clientNowMs - receivedAtMs));
