import { Argument, type Command } from 'commander';
import { command } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { completionNodes } from '../completion/command-tree.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

type Shell = keyof typeof SCRIPTS;

export const completion = () =>
  command('completion', {
    description:
      'Print a script that completes commands, options and values of gatehouse with the Tab key. In a clone of the repository, also define the command: alias gatehouse="/srv/gatehouse/node_modules/.bin/node /srv/gatehouse/scripts/gatehouse.ts".',
    examples: [
      ['source <(gatehouse completion bash)', 'in ~/.bashrc'],
      ['source <(gatehouse completion zsh)', 'in ~/.zshrc, after compinit'],
      ['gatehouse completion fish > ~/.config/fish/completions/gatehouse.fish', 'once, and after an update'],
    ],
    json: false,
  })
    .addArgument(new Argument('<shell>', 'the shell that you use').choices(Object.keys(SCRIPTS)))
    .action((shell: Shell, _options: object, self: Command) => {
      if (self.parent) process.stdout.write(SCRIPTS[shell](completionNodes(self.parent)));
    });
