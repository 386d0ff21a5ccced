type Around = (ask: () => Promise<unknown>, args: readonly unknown[]) => Promise<unknown>;

/** The same client, and `around` each of its commands. */
export function aroundCommands<Commands extends object>(client: Commands, around: Around): Commands {
  const wrapped = new Map<string | symbol, unknown>();
  return new Proxy(client, {
    get(target, name) {
      const command = Reflect.get(target, name) as unknown;
      if (typeof command !== 'function') return command;
      if (isGenerator(command)) return command.bind(target) as unknown;
      if (!wrapped.has(name))
        wrapped.set(name, (...args: unknown[]) => around(() => Reflect.apply(command, target, args) as Promise<unknown>, args));
      return wrapped.get(name);
    },
  });
}

/** `scanIterator` and the like: they listen to the client between commands, and none of that is one. */
const isGenerator = (command: object): boolean => Object.prototype.toString.call(command) === '[object AsyncGeneratorFunction]';
