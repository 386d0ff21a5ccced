import { useTRPC } from '@gatehouse/client/tanstack';
import { userSearchSchema } from '@gatehouse/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import type { Command } from './use-commands.ts';

const MAX_USERS = 6;

const decode = (wire: unknown) => userSearchSchema.parse(wire).users;

interface FoundUsers {
  readonly commands: readonly Command[];
  readonly isSearching: boolean;
  readonly hasFailed: boolean;
}

/** Users whose name, user name or e-mail address has words that begin with the text. One search at a time: the next one starts with the text of then. */
export function useFoundUsers(text: string, isEnabled: boolean): FoundUsers {
  const router = useRouter();
  const [asked, setAsked] = useState('');
  const query = useQuery(
    useTRPC().admin.users.search.queryOptions(
      { text: asked, limit: MAX_USERS },
      { select: decode, enabled: isEnabled && asked !== '', placeholderData: keepPreviousData, retry: false },
    ),
  );
  const wanted = isEnabled ? text.trim() : '';
  if (wanted !== asked && !query.isFetching) setAsked(wanted);
  const isAnswered = asked === wanted && !query.isPlaceholderData;
  // Of an earlier text: Enter must not open a user that does not match.
  const users = wanted !== '' && isAnswered ? (query.data ?? []) : [];
  return {
    commands: users.map(({ id, name, username, email }) => ({
      id: `user ${id}`,
      group: 'users',
      label: name,
      description: `${username} · ${email}`,
      run: () => void router.navigate({ to: '/accounts/$userId', params: { userId: id } }),
    })),
    isSearching: wanted !== '' && (query.isFetching || asked !== wanted),
    hasFailed: wanted !== '' && query.isError,
  };
}
