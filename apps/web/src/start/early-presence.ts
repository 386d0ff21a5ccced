import { SIGNED_OUT_REASONS, type SignedOutReason } from '@gatehouse/contract';

/**
 * The answer to "who is signed in", which index.html asks for before any script is loaded, so that the question and the scripts are on their
 * way at the same time. Used once: by the first call of `auth.presence`.
 */
let early: Promise<Response> | undefined = (window as { gatehousePresence?: Promise<Response> }).gatehousePresence;

/** After this time, the answer may be outdated. */
const MAX_AGE_MS = 30_000;

/** `fetch`, with the early answer for the first `auth.presence`. If it failed, asks again. */
export const fetchWithEarlyPresence: typeof fetch = async (input, init) => {
  const request = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
  if (early && /\/auth\.presence\?batch=1&/.test(request)) {
    const response = await takeEarly();
    if (response) return response;
  }
  return fetch(input, init);
};

async function takeEarly(): Promise<Response | undefined> {
  const answer = early;
  early = undefined;
  const response = await answer?.catch(() => undefined);
  return response?.ok && performance.now() < MAX_AGE_MS ? response : undefined;
}

/** Why nobody is signed in; undefined if someone is, or if that is not known. */
export async function earlySignedOutReason(): Promise<SignedOutReason | undefined> {
  try {
    const response = (await early)?.clone();
    const answer: unknown = response?.ok ? await response.json() : undefined;
    const reason = (answer as [{ result?: { data?: { reason?: string } } }] | undefined)?.[0]?.result?.data?.reason;
    return reason !== undefined && SIGNED_OUT_REASONS.has(reason) ? (reason as SignedOutReason) : undefined;
  } catch {
    // Unreachable, or not our server. The app asks again, and tells the user.
    return undefined;
  }
}
