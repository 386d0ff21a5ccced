import type { CompletionNode, CompletionValue } from './command-tree.ts';

/** For bash 3.2 and newer, without the package bash-completion. */
export function bashCompletion(nodes: readonly CompletionNode[]): string {
  const known = nodes.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  const withValue = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value !== undefined)
      .map(({ name, value }) => ({ pattern: `'${path} ${name}'`, value: value ?? NOTHING })),
  );
  return `# Completion of gatehouse for bash. Generated: gatehouse completion bash
_gatehouse() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' position=0 skip=0 i word
  COMPREPLY=()
  # bash separates --option=value at the equals sign.
  if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ $word == '=' ]]; then continue; fi
    if ((skip)); then skip=0; continue; fi
    case "$path/$word" in ${known.join('|')}) path="$path/$word"; continue ;; esac
    case "$path $word" in
      ${withValue.map(({ pattern }) => pattern).join('|')}) skip=1 ;;
      *' -'*) ;;
      *) position=$((position + 1)) ;;
    esac
  done
  if ((skip)); then
    case "$path $prev" in
${withValue.map(({ pattern, value }) => `      ${pattern}) ${offered(value)} ;;`).join('\n')}
    esac
  elif [[ $cur == -* ]]; then
    case "$path" in
${nodes.map(({ path, options }) => `      '${path}') words='${options.map(({ name }) => name).join(' ')}' ;;`).join('\n')}
    esac
  else
    case "$path $position" in
${nodes.flatMap(positions).join('\n')}
    esac
  fi
  if [[ -n $words ]]; then while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$cur"); fi
}
_gatehouse_files() {
  compopt -o filenames 2>/dev/null || true
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
}
complete -F _gatehouse gatehouse
`;
}

const NOTHING: CompletionValue = { choices: [], isFile: false };

function positions({ path, commands, arguments: values }: CompletionNode): string[] {
  if (commands.length > 0) return [`      '${path} 0') words='${commands.map(({ name }) => name).join(' ')}' ;;`];
  return values.flatMap((value, index) => {
    const offer = offered(value);
    return offer === ':' ? [] : [`      '${path} ${index}') ${offer} ;;`];
  });
}

function offered({ choices, isFile }: CompletionValue): string {
  if (choices.length > 0) return `words='${choices.join(' ')}'`;
  return isFile ? '_gatehouse_files' : ':';
}
