import { NativeSelect, type NativeSelectProps } from '../../shared/native-select.ts';
import { useTranslations } from 'use-intl/react';

/** Says what the role allows. `isOwn`: nobody changes their own role. */
export function RoleSelect({ isOwn = false, ...props }: Omit<NativeSelectProps, 'data'> & { isOwn?: boolean }) {
  const t = useTranslations('users.fields');
  const roles = useTranslations('accounts.roles');
  return (
    <NativeSelect
      label={t('role')}
      name="role"
      description={t(isOwn ? 'ownRoleHint' : 'adminHint')}
      disabled={isOwn}
      data={[
        { value: 'user', label: roles('user') },
        { value: 'admin', label: roles('admin') },
      ]}
      {...props}
    />
  );
}
