import { trpc } from '@gatehouse/client/react';
import { userPageSchema } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { AccountTable } from './account-table.tsx';
import classes from './accounts-card.module.css';

const decode = ({ pages }: { pages: readonly unknown[] }) => pages.flatMap((page) => userPageSchema.parse(page).users);

export function AccountsCard() {
  const accounts = trpc.admin.users.list.useInfiniteQuery(
    {},
    { getNextPageParam: ({ next }) => next ?? undefined, initialCursor: undefined, select: decode },
  );
  return (
    <Card title="All accounts">
      <Loaded query={accounts} failed="The accounts could not be loaded." lines={6} label="Loading the accounts">
        {(users) => (
          <div className={classes.accounts}>
            <AccountTable users={users} />
            {accounts.hasNextPage && (
              <ActionButton variant="default" size="sm" onClick={() => void accounts.fetchNextPage()} busy={accounts.isFetchingNextPage}>
                Show more
              </ActionButton>
            )}
          </div>
        )}
      </Loaded>
    </Card>
  );
}
