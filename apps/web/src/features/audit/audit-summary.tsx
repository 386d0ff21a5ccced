import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import type { AuditFilter } from './audit-search.ts';

/** The time that the filter covers, in words: what "last night" means. */
export function AuditSummary({ filter: { since, until } }: { filter: AuditFilter }) {
  const t = useTranslations('audit.summary');
  const { exactTime } = useFormats();
  const from = since === undefined ? undefined : exactTime(new Date(since));
  const end = until === undefined ? undefined : exactTime(new Date(until));
  if (from !== undefined && end !== undefined) return t('range', { from, until: end });
  if (from !== undefined) return t('since', { from });
  return end === undefined ? t('all') : t('until', { until: end });
}
