import type { Finding, Severity } from '@gatehouse/doctor';
import { inspectSettings } from '@gatehouse/settings';
import { Option } from 'commander';
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
      ['gatehouse doctor --monitoring', 'for Nagios, Icinga or Zabbix: one line first, exit code 0, 1 or 2'],
    ],
  })
    .option('--strict', 'treat warnings as errors')
    .addOption(
      new Option(
        '--monitoring',
        'exit codes of monitoring plugins: 0 if all is well, 1 if there is a warning, 2 if there is an error',
      ).conflicts('strict'),
    )
    .action(
      reporting(async ({ strict = false, monitoring = false }: DoctorOptions) => {
        const findings = await runChecks();
        return monitoring ? forMonitoring(findings) : report(findings, strict);
      }),
    );

interface DoctorOptions {
  readonly strict?: boolean;
  readonly monitoring?: boolean;
}

/** The checks load the database and Redis clients, so they are imported on use: `gatehouse whoami` needs neither. */
async function runChecks(): Promise<Finding[]> {
  const { examine } = await import('@gatehouse/doctor');
  return examine(inspectSettings());
}

function summaryOf(findings: readonly Finding[]): Record<Severity, number> {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return { error: count('error'), warning: count('warning'), ok: count('ok'), skipped: count('skipped') };
}

/** https://www.monitoring-plugins.org/doc/guidelines.html: a line with the state and figures, then details. */
function forMonitoring(findings: readonly Finding[]): Report {
  const { error, warning } = summaryOf(findings);
  const [state, exitCode] = error > 0 ? (['CRITICAL', 2] as const) : warning > 0 ? (['WARNING', 1] as const) : (['OK', 0] as const);
  const wrong = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  const first = wrong[0] ? `${wrong[0].check}: ${printable(wrong[0].found).replaceAll('|', '/')}` : 'no problems found';
  return {
    ...report(findings, false),
    lines: [
      `GATEHOUSE ${state} - ${first} | errors=${error};;0 warnings=${warning};0`,
      ...wrong.map(({ severity, check, found }) => `${severity} ${check}: ${printable(found).replaceAll('|', '/')}`),
    ],
    exitCode,
  };
}

function report(findings: readonly Finding[], strict: boolean): Report {
  const summary = summaryOf(findings);
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
