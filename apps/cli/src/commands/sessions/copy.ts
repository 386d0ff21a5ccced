import type { CopyCounts } from '@gatehouse/session/copy';
import { ENGINES, engineEntry, type EngineName } from '@gatehouse/session/registry';
import { lifetimesOf } from '@gatehouse/settings';
import { Option } from 'commander';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { withLocal, type LocalSessions } from '../../local.ts';
import { confirm, yesOption } from '../../terminal/confirm.ts';
import { counted } from '../../terminal/counted.ts';
import { withProgress, type Progress } from '../../terminal/progress.ts';

type Copyable = Exclude<EngineName, 'memory'>;

interface CopyOptions {
  readonly from: Copyable;
  readonly to: Copyable;
  readonly move?: boolean;
  readonly allowEmpty?: boolean;
  readonly yes?: boolean;
}

const COPYABLE = (Object.keys(ENGINES) as EngineName[]).filter((name) => engineEntry(name).sessionsIn !== 'memory');

export const sessionsCopy = () =>
  command('copy', {
    description:
      'Copy all live sessions to another engine, so that nobody is signed out by the change of SESSION_ENGINE. May be repeated, also while ' +
      'servers run: each copy stores what is new or changed, and ends what has ended. It needs the settings of both engines.',
    examples: [
      ['gatehouse sessions copy --from db --to redis', 'while the servers still use db'],
      ['gatehouse sessions copy --from db --to redis --move', 'the last copy, when all servers are stopped: empties db'],
    ],
  })
    .addOption(new Option('--from <engine>', 'the engine that has the sessions').choices(COPYABLE).makeOptionMandatory())
    .addOption(new Option('--to <engine>', 'the engine that gets them').choices(COPYABLE).makeOptionMandatory())
    .option('--move', 'afterwards remove the sessions from the old engine, so that it can never bring ended ones back')
    .option('--allow-empty', 'if the old engine has no sessions any more, end those in the new engine that were copied earlier')
    .addOption(yesOption('with --move: do not ask for confirmation'))
    .action(
      reporting((options: CopyOptions) => {
        requireTwoStorages(options);
        return withLocal(async (local) => {
          if (options.move) {
            const question = `Are all servers stopped? The sessions are removed from ${options.from} afterwards.`;
            await confirm(question, { yes: options.yes, advice: 'Stop all servers, then pass --yes to remove the copied sessions.' });
          }
          const counts = await withProgress('Copying sessions', (progress) => copy(local, options, progress));
          return { json: { from: options.from, to: options.to, moved: options.move === true, ...counts }, lines: linesOf(counts, options) };
        });
      }),
    );

function requireTwoStorages({ from, to }: CopyOptions): void {
  if (engineEntry(from).sessionsIn !== engineEntry(to).sessionsIn) return;
  throw new Failure(
    'USAGE',
    from === to
      ? 'Both engines are the same.'
      : `${from} and ${to} have their sessions in the same rows of the database, so nothing needs to be copied: only change SESSION_ENGINE.`,
    EXIT.USAGE,
  );
}

async function copy(
  { settings, database }: LocalSessions,
  { from, to, move, allowEmpty }: CopyOptions,
  progress: Progress,
): Promise<CopyCounts> {
  const { CopyRunningError, copySessions, EmptySourceError, NewerFormatError, openCopyStorage } = await import('@gatehouse/session/copy');
  const lifetimes = lifetimesOf(settings.session);
  const open = (name: Copyable) =>
    openCopyStorage(name, { lifetimes, database, redisUrl: settings.redis.url, storageTimeoutMs: settings.session.storageTimeoutMs });
  const source = await open(from);
  try {
    const target = await open(to);
    try {
      const { sessions } = await source.engine.count();
      return await copySessions({
        source,
        target,
        lifetimes,
        move: move === true,
        allowEmptySource: allowEmpty === true,
        onProgress: (read) => progress.update(read, Math.max(read, sessions)),
      });
    } finally {
      await target.close();
    }
  } catch (error) {
    if (error instanceof CopyRunningError)
      throw new Failure('COPY_RUNNING', `${error.message} Try again in a minute; a copy may be repeated.`);
    if (error instanceof NewerFormatError)
      throw new Failure('NEWER_FORMAT', `${error.message} Run the copy with the newest version that servers have used.`);
    if (!(error instanceof EmptySourceError)) throw error;
    throw new Failure(
      'EMPTY_SOURCE',
      `${from} has no live sessions, but earlier ones were copied to ${to}. Nothing was changed. If all of them were really ended, pass --allow-empty to end the copies too.`,
    );
  } finally {
    await source.close();
  }
}

function linesOf(counts: CopyCounts, { from, to, move }: CopyOptions): string[] {
  const { copied, updated, unchanged, removed, newer, ended, refused, references } = counts;
  return [
    `${counted(copied, 'session')} copied from ${from} to ${to}, ${updated} updated, ${unchanged} unchanged since the last copy.`,
    ...(references > 0 ? [`Copied ${counted(references, 'reference')} of earlier cookies to them.`] : []),
    ...(removed > 0 ? [`Ended in ${to}, because they have ended in ${from}: ${removed}.`] : []),
    ...(newer > 0 ? [`Not overwritten, because they are newer in ${to}: ${newer}.`] : []),
    ...(ended > 0 ? [`Not copied again, because they have ended in ${to}: ${ended}.`] : []),
    ...(refused > 0 ? [`Not copied, because their accounts were deleted or another copy was running at the same moment: ${refused}.`] : []),
    ...(newer + ended > 0 && move !== true
      ? [`Servers have used ${to} already. Do not let servers use both engines at the same time.`]
      : []),
    move === true
      ? `Removed the sessions from ${from}. Now set SESSION_ENGINE=${to} and start the servers.`
      : `To switch over: stop all servers, copy again with --move, set SESSION_ENGINE=${to}, and start the servers.`,
  ];
}
