import type { Finding, Severity } from '@gatehouse/doctor';
import { inspectSettings } from '@gatehouse/settings';
import { command, reporting } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Report } from '../report.ts';
import { printable } from '../terminal/printable.ts';

export const doctor = () =>
  command('doctor', {
    description:
      'Find the problems of this installation and say how to fix them. Checks settings, files, database and Redis, and changes nothing.',
    examples: [
      ['gatehouse doctor', 'exit code 1 if there is an error'],
      ['gatehouse doctor --strict', 'exit code 1 if there is an error or a warning'],
      ['NODE_ENV=production gatehouse doctor', 'with the rules of a production start'],
    ],
  })
    .option('--strict', 'treat warnings as errors')
    .action(reporting(async ({ strict = false }: { strict?: boolean }) => report(await runChecks(), strict)));

/** The checks load the database and Redis clients, so they are imported on use: `gatehouse whoami` needs neither. */
async function runChecks(): Promise<Finding[]> {
  const { examine } = await import('@gatehouse/doctor');
  return examine(inspectSettings());
}

function report(findings: readonly Finding[], strict: boolean): Report {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const summary = { error: count('error'), warning: count('warning'), ok: count('ok'), skipped: count('skipped') };
  const failed = summary.error > 0 || (strict && summary.warning > 0);
  return {
    json: {
      findings: findings.map((finding) => ({
        check: finding.check,
        severity: finding.severity,
        found: finding.found,
        // The name of this key is public: programs read the output of --json.
        mend: fixOf(finding) ?? null,
      })),
      summary,
    },
    lines: [...linesOf(findings), '', sumUp(summary)],
    exitCode: failed ? EXIT.FAILURE : EXIT.OK,
  };
}

const fixOf = (finding: Finding): string | undefined => ('fix' in finding ? finding.fix : undefined);

/** One finding per line in the given order. The skipped checks follow, grouped by reason. */
function linesOf(findings: readonly Finding[]): string[] {
  const completed = findings.filter(({ severity }) => severity !== 'skipped');
  const widest = Math.max(...completed.map(({ check }) => check.length));
  const indent = ' '.repeat('warning  '.length + widest + 2);
  const reasons = Map.groupBy(
    findings.filter(({ severity }) => severity === 'skipped'),
    ({ found }) => found,
  );
  return [
    ...completed.flatMap((finding) => {
      const fix = fixOf(finding);
      const line = `${finding.severity.padEnd('warning'.length)}  ${finding.check.padEnd(widest)}  ${printable(finding.found)}`;
      return fix === undefined ? [line] : [line, `${indent}→ ${printable(fix)}`];
    }),
    ...[...reasons].map(([reason, skipped]) => `skipped  ${skipped.map(({ check }) => check).join(', ')}: ${printable(reason)}`),
  ];
}

function sumUp({ error, warning, ok, skipped }: Record<Severity, number>): string {
  const rest = `${ok} ok, ${skipped} skipped. docs/doctor.md explains each check.`;
  if (error + warning === 0) return `No problems found: ${rest}`;
  return `${error === 1 ? '1 error' : `${error} errors`}, ${warning === 1 ? '1 warning' : `${warning} warnings`}, ${rest}`;
}
