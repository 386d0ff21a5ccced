import { Option } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { askYes, requireTerminal } from './ask.ts';

/** Every command that destroys something has this option. */
export const yesOption = (description = 'do not ask for confirmation') => new Option('--yes', description);

/**
 * Asks before something is destroyed. `advice` says what `--yes` does, for a caller without a terminal.
 * @throws Failure NO_TERMINAL without a terminal, CANCELLED if the answer is no
 */
export async function confirm(question: string, { yes = false, advice }: { yes?: boolean | undefined; advice: string }): Promise<void> {
  if (yes) return;
  requireTerminal(advice);
  if (!(await askYes(question))) throw new Failure('CANCELLED', 'Cancelled; nothing was changed.', EXIT.CANCELLED);
}
