import type { CompletionNode, CompletionValue } from './command-tree.ts';

export function fishCompletion(nodes: readonly CompletionNode[]): string {
  const known = nodes.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const withValue = nodes.flatMap(({ path, options }) =>
    options.filter(({ value }) => value !== undefined).map(({ name }) => `'${path} ${name}'`),
  );
  return `# Completion of gatehouse for fish. Generated: gatehouse completion fish
# Whether the words so far are this command and this number of its arguments.
function __gatehouse_at
    set -l path ''
    set -l position 0
    set -l skip 0
    set -l tokens (commandline -opc)
    for token in $tokens[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$path/$token"
            case ${known.join(' ')}
                set path "$path/$token"
                continue
        end
        switch "$path $token"
            case ${withValue.join(' ')}
                set skip 1
            case '* -*'
            case '*'
                set position (math $position + 1)
        end
    end
    test "$path" = "$argv[1]"; and test (count $argv) = 1 -o "$position" = "$argv[2]"
end
complete -c gatehouse -f
${nodes.flatMap(completions).join('\n')}
`;
}

function completions({ path, commands, options, arguments: values }: CompletionNode): string[] {
  const at = (position?: number): string =>
    `complete -c gatehouse -n "__gatehouse_at '${path}'${position === undefined ? '' : ` ${position}`}"`;
  return [
    ...commands.map(({ name, description }) => `${at(0)} -a '${name}' -d '${description}'`),
    ...values.flatMap((value, index) => {
      const offer = offered(value);
      return offer === '' ? [] : [`${at(index)}${offer}`];
    }),
    ...options.map(({ name, description, value }) => {
      const takes = value === undefined ? '' : ` -r${offered(value) || ' -f'}`;
      return `${at()} -l '${name.slice('--'.length)}'${takes} -d '${description}'`;
    }),
  ];
}

function offered({ choices, isFile }: CompletionValue): string {
  if (choices.length > 0) return ` -f -a '${choices.join(' ')}'`;
  return isFile ? ' -F' : '';
}
