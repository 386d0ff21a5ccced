import { Command } from 'commander';
import { printReport, type Report } from './report.ts';

interface CommandHelp {
  /** The list of commands shows the first sentence. */
  readonly description: string;
  /** Command lines, each with a short explanation. */
  readonly examples: readonly (readonly [line: string, explanation: string])[];
  /** false: the result is not data, so there is no `--json`. Default: true. */
  readonly json?: boolean;
}

/** A group of commands, or the program itself. It has no action. */
export function group(name: string, description: string): Command {
  return new Command(name).description(description).summary(firstSentence(description)).exitOverride();
}

/** A command with `--json` and examples in its help. Usage errors are thrown, so that `run.ts` decides the exit code. */
export function command(name: string, { description, examples, json = true }: CommandHelp): Command {
  const widest = Math.max(...examples.map(([line]) => line.length));
  const shown = examples.map(([line, explanation]) => `  $ ${line.padEnd(widest)}  ${explanation}`).join('\n');
  const made = new Command(name)
    .description(description)
    .summary(firstSentence(description))
    .exitOverride()
    .addHelpText('after', `\nExamples:\n${shown}`);
  return json ? made.option('--json', 'print the result as JSON') : made;
}

/** A Commander action that prints the report of `run`. Commander calls actions with the arguments, the options and the command. */
export function reporting<Args extends unknown[]>(run: (...args: Args) => Promise<Report>) {
  return async (...args: [...Args, Command]): Promise<void> => {
    const self = args.at(-1) as Command;
    printReport(await run(...(args.slice(0, -1) as Args)), self.opts<{ json?: boolean }>().json === true);
  };
}

/** Not up to any full stop: `.env` has one, too. */
const firstSentence = (text: string): string => text.split(/\.(?= |$)/, 1)[0] ?? text;
