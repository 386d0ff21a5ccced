import { defineScript, type CommandParser } from 'redis';

/** A script on one key, with any arguments; its reply as Redis gives it. */
export function redisScript(source: string) {
  return defineScript({
    NUMBER_OF_KEYS: 1,
    SCRIPT: source,
    parseCommand(parser: CommandParser, key: string, args: readonly (string | number)[]) {
      parser.pushKey(key);
      parser.push(...args.map(String));
    },
    transformReply: (reply: unknown) => reply,
  });
}
