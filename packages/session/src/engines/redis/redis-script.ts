import { defineScript, type CommandParser } from 'redis';

/** A script on a key or several in one slot, with any arguments; its reply as Redis gives it. */
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
