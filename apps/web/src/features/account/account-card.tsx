import { useMe, useTRPC } from '@gatehouse/client/tanstack';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { AttributeFacts } from '../../shared/own-fields/attribute-facts.tsx';
import { Card } from '../../shared/card.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';

/** Who is signed in, with the app's own fields. */
export function AccountCard() {
  const t = useTranslations('account.card');
  const accounts = useTranslations('accounts');
  const { data: me } = useMe();
  const { data: fields } = useQuery(useTRPC().account.fields.queryOptions());
  return (
    <Card title={t('title')}>
      {me ? (
        // The spans, because a <bdi> that is a grid item itself would be aligned by its own direction.
        <Facts>
          <Fact name={t('name')}>
            <span>
              <bdi>{me.user.name}</bdi>
            </span>
          </Fact>
          <Fact name={t('username')}>
            <span>
              <bdi>{me.user.username}</bdi>
            </span>
          </Fact>
          <Fact name={t('email')}>
            <span>
              <bdi>{me.user.email}</bdi>
            </span>
          </Fact>
          <Fact name={t('role')}>{accounts(`roles.${me.user.role}`)}</Fact>
          <AttributeFacts attributes={me.user.attributes} fields={fields} />
        </Facts>
      ) : (
        <Placeholder lines={4} label={t('loading')} />
      )}
    </Card>
  );
}
