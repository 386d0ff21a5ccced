export interface TimeoutOptions<Late> {
  readonly ms: number;
  /** Gives the result once the time is over, or throws the error. */
  readonly onTimeout: () => Late;
}

/**
 * The result of `work` if it comes in time. What comes later is dropped, an error as well: `work` itself goes on, and whoever can stop it
 * does that in `onTimeout`.
 */
export async function withTimeout<Result, Late>(work: Promise<Result>, { ms, onTimeout }: TimeoutOptions<Late>): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  }).then(onTimeout);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
