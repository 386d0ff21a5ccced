import { useTranslations } from 'use-intl/react';

/** Words for how a session began: "Password", "Account at google". */
export function useDescribeMethod(): (method: string | null) => string {
  const t = useTranslations('sessions.methods');
  return (method) => {
    switch (method) {
      case null:
        return t('unknown');
      case 'password':
      case 'passkey':
      case 'adopted':
      case 'imported':
        return t(method);
      case 'magic-link':
        return t('magicLink');
    }
    const provider = /^(?:oidc|oauth|saml):(.+)$/.exec(method)?.[1];
    // An app names its own methods as it likes.
    return provider === undefined ? method : t('provider', { provider });
  };
}
