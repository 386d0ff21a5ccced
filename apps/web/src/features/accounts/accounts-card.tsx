import { trpc } from '@gatehouse/client/react';
import { userPageSchema } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { InlineFailure } from '../../shared/inline-failure.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';
import { AccountTable } from './account-table.tsx';
import classes from './accounts-card.module.css';

export function AccountsCard() {
  const pages = trpc.admin.users.list.useInfiniteQuery({}, { getNextPageParam: ({ next }) => next ?? undefined, initialCursor: undefined });
  const users = pages.data?.pages.flatMap((page) => userPageSchema.parse(page).users);
  return (
    <Card title="All accounts">
      {users ? (
        <div className={classes.accounts}>
          <AccountTable users={users} />
          {pages.hasNextPage && (
            <ActionButton variant="default" size="sm" onClick={() => void pages.fetchNextPage()} busy={pages.isFetchingNextPage}>
              Show more
            </ActionButton>
          )}
        </div>
      ) : pages.error ? (
        <InlineFailure what="The accounts" error={pages.error} busy={pages.isFetching} onRetry={() => void pages.refetch()} />
      ) : (
        <Placeholder lines={6} label="Loading the accounts" />
      )}
    </Card>
  );
}
