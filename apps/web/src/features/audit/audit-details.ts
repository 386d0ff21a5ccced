import type { AuditEvent } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { attributeLabel } from '../../shared/own-fields/attribute-format.ts';

type Words = ReturnType<typeof useTranslations<'audit'>>;
type RoleWords = ReturnType<typeof useTranslations<'accounts.roles'>>;

/** `const describe = useDescribeDetails(); describe(event)`: "Reason: ended by the owner, 2 sessions". Empty if there are none. */
export function useDescribeDetails(): (event: Pick<AuditEvent, 'reason' | 'detail'>) => string {
  const t = useTranslations('audit');
  const role = useTranslations('accounts.roles');
  return (event) => describeDetails(event, t, role);
}

/** The reason and details of an entry. */
export function describeDetails({ reason, detail }: Pick<AuditEvent, 'reason' | 'detail'>, t: Words, roleName: RoleWords): string {
  const { from, to, role, ended, method, fields = [] } = detail ?? {};
  return [
    reason && t('describe.reason', { reason: t(`reasons.${reason}`) }),
    from && to && t('describe.roles', { from: roleName(from), to: roleName(to) }),
    // `password` is the default.
    method && method !== 'password' && t('describe.method', { method }),
    role && t('describe.role', { role: roleName(role) }),
    fields.length > 0 &&
      t('describe.fields', { fields: fields.map((path) => attributeLabel(path.replace(/^attributes\./, ''))).join(', ') }),
    ended !== undefined && t(reason ? 'describe.sessions' : 'describe.ended', { count: ended }),
  ]
    .filter(Boolean)
    .join(', ');
}
