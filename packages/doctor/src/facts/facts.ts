import type { RedisNodeFacts } from '@gatehouse/session/redis-facts';
import type { Settings } from '@gatehouse/settings';
import type { Answer } from './answer.ts';
import type { DatabaseState } from './database-facts.ts';
import type { FileFacts } from './file-facts.ts';

/** The state of an installation. The checks judge it. */
export interface Facts {
  readonly settings: Settings;
  /** Epoch milliseconds. */
  readonly now: number;
  /** `24.21.0`. */
  readonly nodeVersion: string;
  /** Whether Node's cluster module started this process as one of several. */
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
