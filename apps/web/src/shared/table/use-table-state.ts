import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { formatSort, parseSort, type Sort, type TableSearch } from './table-search.ts';

/** The part of a table's state that is in the URL, and how to change it. */
export interface TableState {
  readonly q: string | undefined;
  readonly sort: Sort | undefined;
  /** From 1. */
  readonly page: number;
  readonly onSearch: (q: string) => void;
  readonly onSort: (sort: Sort) => void;
  /** `cursor`: the server's cursor of the next page, if it pages by cursor. */
  readonly onNext: (cursor?: string) => void;
  readonly onPrevious: () => void;
  /** Changes a filter of the page and goes back to the first page: `onFilter({ role: 'admin' })`. */
  readonly onFilter: (filter: Record<string, string | undefined>) => void;
}

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The previous entry of the history is the previous page of the table. */
    readonly fromPreviousPage?: boolean | undefined;
  }
}

/** `const table = useTableState(Route.useSearch())`, in a page whose `validateSearch` is `tableSearchSchema(…)`. */
export function useTableState({ q, sort, page = 1 }: TableSearch): TableState {
  const navigate = useNavigate();
  const router = useRouter();
  const fromPreviousPage = useRouterState({ select: ({ location }) => location.state.fromPreviousPage === true });

  const change = (search: Record<string, unknown>, { replace = true, fromPreviousPage: from = false } = {}): void =>
    void navigate({
      to: '.',
      // The search of the current page, whichever it is.
      search: ((previous: object) => ({ ...previous, ...search })) as never,
      state: { fromPreviousPage: from },
      replace,
      resetScroll: false,
    });

  const firstPage = { page: undefined, cursor: undefined };
  return {
    q,
    sort: parseSort(sort),
    page,
    onSearch: (text) => change({ ...firstPage, q: text === '' ? undefined : text }),
    onSort: (next) => change({ ...firstPage, sort: formatSort(next) }),
    // Pages are entries of the history, so that Back goes to the previous one.
    onNext: (cursor) => change({ page: page + 1, cursor }, { replace: false, fromPreviousPage: true }),
    onPrevious() {
      // A cursor leads only forward. Without the history, for example after a reload, start again at the first page.
      if (fromPreviousPage) router.history.back();
      else change(firstPage, { replace: false });
    },
    onFilter: (filter) => change({ ...firstPage, ...filter }),
  };
}
