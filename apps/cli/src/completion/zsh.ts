import { quotedWords, type CompletionNode, type CompletionValue, type Described } from './command-tree.ts';

/** Works when it is sourced, and as a file `_gatehouse` in the `fpath`. */
export function zshCompletion(nodes: readonly CompletionNode[]): string {
  const known = nodes.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const withValue = nodes.flatMap(({ path, options }) =>
    options.flatMap(({ name, value }) => (value === undefined ? [] : [{ pattern: `'${path} ${name}'`, value }])),
  );
  return `#compdef gatehouse
# Completion of gatehouse for zsh. Generated: gatehouse completion zsh
_gatehouse() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" at='' position=0 skip=0 i word
  local -a offers
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    if ((skip)); then skip=0; continue; fi
    case "$at/$word" in (${known.join('|')}) at="$at/$word"; continue ;; esac
    case "$at $word" in
      (${withValue.map(({ pattern }) => pattern).join('|')}) skip=1 ;;
      (*' -'*) ;;
      (*) position=$((position + 1)) ;;
    esac
  done
  if [[ $cur == --*=* ]]; then prev="\${cur%%=*}"; skip=1; compset -P '*='; fi
  if ((skip)); then
    case "$at $prev" in
${withValue.map(({ pattern, value }) => `      (${pattern}) ${offered(value)} ;;`).join('\n')}
    esac
  elif [[ $cur == -* ]]; then
    case "$at" in
${nodes.map(({ path, options }) => `      ('${path}') offers=(${described(options)}) ;;`).join('\n')}
    esac
    _describe -o option offers
  else
    case "$at $position" in
${nodes.flatMap(positions).join('\n')}
    esac
  fi
}
if [[ $funcstack[1] == _gatehouse ]]; then _gatehouse "$@"; else compdef _gatehouse gatehouse; fi
`;
}

const described = (list: readonly Described[]): string =>
  quotedWords(list.map(({ name, description }) => `${name}:${description.replaceAll(':', String.raw`\:`)}`));

function positions({ path, commands, arguments: values }: CompletionNode): string[] {
  if (commands.length > 0) return [`      ('${path} 0') offers=(${described(commands)}); _describe command offers ;;`];
  return values.flatMap((value, index) => {
    const offer = offered(value);
    return offer === ':' ? [] : [`      ('${path} ${index}') ${offer} ;;`];
  });
}

function offered({ choices, isFile }: CompletionValue): string {
  if (choices.length > 0) return `compadd -- ${quotedWords(choices)}`;
  return isFile ? '_files' : ':';
}
