import { TRPC_PATH } from '@gatehouse/contract';
import { withBasePath } from '../shared/base-path.ts';

/** Whether this browser had a session that its user did not end. The key is the one of the client's expiry store. */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(`gatehouse:session-ends:${withBasePath(TRPC_PATH)}`) !== null;
  } catch {
    return false;
  }
}
