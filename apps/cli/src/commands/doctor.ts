import type { Finding, Severity } from '@gatehouse/doctor';
import { inspectSettings } from '@gatehouse/settings';
import { command, reporting } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Report } from '../report.ts';
import { printable } from '../terminal/printable.ts';

export const doctor = () =>
  command('doctor', {
    description:
      'Find what is wrong with this installation, and say how to fix it. It checks settings, files, database and Redis, and changes nothing.',
    examples: [
      ['gatehouse doctor', 'exit code 1 if there is an error'],
      ['gatehouse doctor --strict', 'or a warning'],
      ['NODE_ENV=production gatehouse doctor', 'as a production start would judge'],
    ],
  })
    .option('--strict', 'a warning counts as an error does')
    .action(reporting(async ({ strict = false }: { strict?: boolean }) => report(await lookAtEverything(), strict)));

/** Imported on use, as database and Redis are: `gatehouse whoami` loads none of them. */
async function lookAtEverything(): Promise<Finding[]> {
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
        mend: mendOf(finding) ?? null,
      })),
      summary,
    },
    lines: [...linesOf(findings), '', sumUp(summary)],
    exitCode: failed ? EXIT.FAILURE : EXIT.OK,
  };
}

const mendOf = (finding: Finding): string | undefined => ('mend' in finding ? finding.mend : undefined);

/** The worst first; what was not looked at, by its reason, at the end. */
function linesOf(findings: readonly Finding[]): string[] {
  const lookedAt = findings.filter(({ severity }) => severity !== 'skipped');
  const widest = Math.max(...lookedAt.map(({ check }) => check.length));
  const indent = ' '.repeat('warning  '.length + widest + 2);
  const reasons = Map.groupBy(
    findings.filter(({ severity }) => severity === 'skipped'),
    ({ found }) => found,
  );
  return [
    ...lookedAt.flatMap((finding) => {
      const mend = mendOf(finding);
      const line = `${finding.severity.padEnd('warning'.length)}  ${finding.check.padEnd(widest)}  ${printable(finding.found)}`;
      return mend === undefined ? [line] : [line, `${indent}→ ${printable(mend)}`];
    }),
    ...[...reasons].map(([reason, skipped]) => `skipped  ${skipped.map(({ check }) => check).join(', ')}: ${printable(reason)}`),
  ];
}

function sumUp({ error, warning, ok, skipped }: Record<Severity, number>): string {
  const rest = `${ok} ok, ${skipped} skipped. docs/doctor.md says why each is looked at.`;
  if (error + warning === 0) return `Nothing is wrong: ${rest}`;
  return `${error === 1 ? '1 error' : `${error} errors`}, ${warning === 1 ? '1 warning' : `${warning} warnings`}, ${rest}`;
}
