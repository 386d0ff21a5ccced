import { CACHE_SCRIPTS } from '../cached-db/scripts.ts';
import { NEAR_CACHE_SCRIPTS } from '../near-cache/near-cache-scripts.ts';
import { COPY_SCRIPTS } from './copy-scripts.ts';
import { INDEX_SCRIPTS } from './index-scripts.ts';
import { LIMIT_SCRIPTS } from './limit-scripts.ts';
import { SCRIPTS as SINGLE_SCRIPTS } from './scripts.ts';
import { SESSION_SCRIPTS } from './session-scripts.ts';
import { USER_SCRIPTS } from './user-scripts.ts';

/** Every script, by the name of its command. */
export const SCRIPTS = {
  ...SINGLE_SCRIPTS,
  ...SESSION_SCRIPTS,
  ...USER_SCRIPTS,
  ...INDEX_SCRIPTS,
  ...CACHE_SCRIPTS,
  ...LIMIT_SCRIPTS,
  ...NEAR_CACHE_SCRIPTS,
  ...COPY_SCRIPTS,
};

export type ScriptName = keyof typeof SCRIPTS;

/** On a cluster all keys of a script must be in one slot. */
export type RunScript = (keys: string | readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** The commands that the engines use, on a single server, Sentinel's master or a cluster. */
export type RedisCommands = Readonly<Record<ScriptName, RunScript>> & {
  zRange(key: string, min: string | number, max: string | number, options?: ZRangeOptions): Promise<string[]>;
  zCount(key: string, min: string | number, max: string | number): Promise<number>;
  get(key: string): Promise<string | null>;
  hGet(key: string, field: string): Promise<string | null>;
  exists(key: string): Promise<number>;
  mGet(keys: string[]): Promise<(string | null)[]>;
  del(key: string): Promise<number>;
  publish(channel: string, message: string): Promise<number>;
  pTTL(key: string): Promise<number>;
  set(
    key: string,
    value: string,
    options?: { GET?: true; condition?: 'NX'; expiration?: { type: 'PX'; value: number } },
  ): Promise<string | null>;
};

export interface ZRangeOptions {
  readonly BY?: 'SCORE' | 'LEX';
  readonly LIMIT?: { offset: number; count: number };
}
