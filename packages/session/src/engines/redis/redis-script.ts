import { defineScript, type CommandParser } from 'redis';

/** Defines a script on one key, or several in one slot, with any arguments and a raw reply. */
export function redisScript(source: string) {
  return defineScript({
    SCRIPT: source,
    parseCommand(parser: CommandParser, keys: string | readonly string[], args: readonly (string | number)[]) {
      parser.pushKeysLength(typeof keys === 'string' ? keys : [...keys]);
      parser.push(...args.map(String));
    },
    transformReply: (reply: unknown) => reply,
  });
}
