import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { parseUserAgent, type DeviceKind } from './device.ts';
import classes from './device-name.module.css';

/** `const describe = useDescribeDevice(); describe(session.userAgent)`: "Firefox on Windows", "curl", "Unknown device". */
export function useDescribeDevice(): (userAgent: string | null) => string {
  const t = useTranslations('devices');
  return (userAgent) => {
    const { program, system } = parseUserAgent(userAgent);
    const name = program === 'gatehouse' ? t('commandLine') : program;
    if (name === undefined && system === undefined) return userAgent ? t('unknownProgram') : t('unknown');
    return system === undefined ? (name ?? t('unknownProgram')) : t('programOnSystem', { program: name ?? t('unknownProgram'), system });
  };
}

/** An icon of the kind of device, and its name in words: "Firefox on Windows". */
export function DeviceName({ userAgent }: { userAgent: string | null }) {
  const describe = useDescribeDevice();
  return (
    <span className={classes.device}>
      <DeviceIcon kind={parseUserAgent(userAgent).kind} />
      <span>{describe(userAgent)}</span>
    </span>
  );
}

/** Decorative: the words beside it say what it is. */
export function DeviceIcon({ kind }: { kind: DeviceKind }) {
  return (
    <svg
      className={classes.icon}
      data-kind={kind}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {DRAWINGS[kind]}
    </svg>
  );
}

const DRAWINGS: Readonly<Record<DeviceKind, ReactNode>> = {
  computer: <path d="M5 5h14a1 1 0 0 1 1 1v9H4V6a1 1 0 0 1 1-1ZM2.5 18.5h19" />,
  phone: <path d="M8 2.5h8A1.5 1.5 0 0 1 17.5 4v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5ZM11 18.5h2" />,
  tablet: <path d="M6 3h12a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 18 21H6a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 6 3ZM11 18h2" />,
  tv: <path d="M4 7h16v10H4zM9 3l3 4 3-4M8 20h8" />,
  program: <path d="M4 4.5h16v15H4zM7.5 9l3 3-3 3M12.5 15h4" />,
  unknown: <path d="M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.6.3-1 .8-1 1.5v.5M12 16.8v.2" />,
};
