import type { RedisNodeFacts } from '@gatehouse/session/redis-facts';
import type { Settings } from '@gatehouse/settings';
import type { Answer } from './answer.ts';
import type { DatabaseState } from './database-facts.ts';
import type { FileFacts } from './file-facts.ts';

/** What there is, as found; the checks say what to think of it. */
export interface Facts {
  readonly settings: Settings;
  /** Epoch milliseconds. */
  readonly now: number;
  /** `24.21.0`. */
  readonly nodeVersion: string;
  /** This process is one of several that Node's cluster module made. */
  readonly isClusterWorker: boolean;
  readonly files: FileFacts;
  readonly database: DatabaseState;
  readonly redis: RedisState;
}

export type RedisState =
  | { readonly status: 'unused' }
  | { readonly status: 'open'; readonly nodes: readonly RedisNodeFacts[] }
  | { readonly status: 'unreachable'; readonly problem: string };

export type { Answer };
