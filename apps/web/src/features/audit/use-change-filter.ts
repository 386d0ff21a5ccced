import { useNavigate } from '@tanstack/react-router';
import type { AuditTableSearch } from './audit-search.ts';

export type ChangeFilter = (filter: Partial<AuditTableSearch>, options?: { readonly replace?: boolean }) => void;

/** Changes filters in the URL and goes to the first page. Each choice is an entry of the history, so that Back undoes it. */
export function useChangeFilter(): ChangeFilter {
  const navigate = useNavigate();
  return (filter, { replace = false } = {}) =>
    void navigate({
      to: '/audit',
      search: (previous) => ({ ...previous, page: undefined, cursor: undefined, ...filter }),
      replace,
      resetScroll: false,
    });
}
