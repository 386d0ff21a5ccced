import { defineScript, type CommandParser } from 'redis';

/** A script on one key, or several in one slot, with any arguments and a raw reply. */
export interface RedisScript {
  SCRIPT: string;
  SHA1: string;
  parseCommand(parser: CommandParser, keys: string | readonly string[], args: readonly (string | number)[]): void;
  transformReply: (reply: unknown) => unknown;
}

export function redisScript(source: string): RedisScript {
  return defineScript({
    SCRIPT: source,
    parseCommand(parser: CommandParser, keys: string | readonly string[], args: readonly (string | number)[]) {
      parser.pushKeysLength(typeof keys === 'string' ? keys : [...keys]);
      parser.push(...args.map(String));
    },
    transformReply: (reply: unknown) => reply,
  });
}
