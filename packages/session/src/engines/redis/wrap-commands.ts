type Wrapper = (send: () => Promise<unknown>, args: readonly unknown[]) => Promise<unknown>;

/** Returns the client with each of its commands called through `wrapper`. */
export function wrapCommands<Commands extends object>(client: Commands, wrapper: Wrapper): Commands {
  const wrapped = new Map<string | symbol, unknown>();
  return new Proxy(client, {
    get(target, name) {
      const command = Reflect.get(target, name) as unknown;
      if (typeof command !== 'function') return command;
      if (isGenerator(command)) return command.bind(target) as unknown;
      if (!wrapped.has(name))
        wrapped.set(name, (...args: unknown[]) => wrapper(() => Reflect.apply(command, target, args) as Promise<unknown>, args));
      return wrapped.get(name);
    },
  });
}

/** `scanIterator` and similar methods listen to the client between commands, so they need the client itself. */
const isGenerator = (command: object): boolean => Object.prototype.toString.call(command) === '[object AsyncGeneratorFunction]';
