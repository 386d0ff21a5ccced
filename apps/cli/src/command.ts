import { Command } from 'commander';
import { printReport, type Report } from './report.ts';

interface About {
  /** Its first sentence stands in the list of commands. */
  readonly description: string;
  /** Command lines as one would type them, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}

/** A group or the program: no action of its own. */
export function group(name: string, description: string): Command {
  return new Command(name).description(description).summary(firstSentence(description)).exitOverride();
}

/** A command with `--json` and examples in its help. Usage errors are thrown, so that one place decides on exit codes. */
export function command(name: string, { description, examples }: About): Command {
  const widest = Math.max(...examples.map(([line]) => line.length));
  const shown = examples.map(([line, does]) => `  $ ${line.padEnd(widest)}  ${does}`).join('\n');
  return new Command(name)
    .description(description)
    .summary(firstSentence(description))
    .option('--json', 'print the result as JSON')
    .exitOverride()
    .addHelpText('after', `\nExamples:\n${shown}`);
}

/** An action that prints what it reports. Commander calls actions with the arguments, the options and the command. */
export function reporting<Args extends unknown[]>(run: (...args: Args) => Promise<Report>) {
  return async (...args: [...Args, Command]): Promise<void> => {
    const self = args.at(-1) as Command;
    printReport(await run(...(args.slice(0, -1) as Args)), self.opts<{ json?: boolean }>().json === true);
  };
}

const firstSentence = (text: string): string => text.split('.', 1)[0] ?? text;
