import { useServerNow } from '@gatehouse/client/tanstack';
import type { ListedSession } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import classes from './session-list.module.css';
import { SessionList } from './session-list.tsx';

const TICK_MS = 10_000;

interface SessionsCardProps {
  readonly title: string;
  /** An infinite query with `SESSION_PAGES`. */
  readonly query: {
    readonly data: readonly ListedSession[] | undefined;
    readonly error: unknown;
    readonly isFetching: boolean;
    readonly isFetchingNextPage: boolean;
    readonly hasNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
    readonly refetch: () => Promise<unknown>;
  };
  /** "Your sessions could not be loaded." */
  readonly failed: string;
  /** Accessible name of the placeholder. */
  readonly loadingLabel: string;
  readonly endAllLabel: string;
  readonly onEndAll: () => void;
  readonly endingAll: boolean;
  /** Ends one session, and reports success and failure. */
  readonly onEnd: (handle: string) => Promise<unknown>;
}

/** A paged list of sessions that can be ended individually or all at once. */
export function SessionsCard({ title, query, failed, loadingLabel, endAllLabel, onEndAll, endingAll, onEnd }: SessionsCardProps) {
  const now = useServerNow({ everyMs: TICK_MS });
  const end = ({ handle }: ListedSession) =>
    onEnd(handle).then(
      () => undefined,
      () => undefined,
    );

  // Reloads all pages, because a session that was used meanwhile has moved to the first page.
  const showMore = () => query.fetchNextPage().then(() => query.refetch());

  const canEndAll = query.data?.some(({ current }) => !current) ?? false;
  const aside = canEndAll && (
    <ActionButton variant="default" size="xs" onClick={onEndAll} busy={endingAll}>
      {endAllLabel}
    </ActionButton>
  );
  return (
    <Card title={title} aside={aside}>
      <Loaded query={query} failed={failed} lines={4} label={loadingLabel}>
        {(sessions) =>
          now && (
            <div className={classes.pages}>
              <SessionList sessions={sessions} now={now} onEnd={end} />
              {query.hasNextPage && (
                <ActionButton variant="default" size="sm" onClick={() => void showMore()} busy={query.isFetchingNextPage}>
                  Show more
                </ActionButton>
              )}
            </div>
          )
        }
      </Loaded>
    </Card>
  );
}
