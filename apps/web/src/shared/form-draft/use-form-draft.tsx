import { useGatehouse, useMe, useTRPC } from '@gatehouse/client/tanstack';
import { Button } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { Dialog, DialogActions } from '../dialog.tsx';
import { readDraft, removeDraft, saveDraft, type DraftValues } from './draft-store.ts';
import type { FormDraft } from './form-draft.ts';
import classes from './form-draft.module.css';

interface Draft {
  /** For `useServerForm({ draft: draft.connection })`. */
  readonly connection: FormDraft;
  /** Render it above the fields: the offer to restore, and the question before leaving. */
  readonly notice: ReactNode;
  /** Forgets what was typed, for a Cancel button. */
  readonly discard: () => void;
}

/**
 * Keeps what the user has typed into a form until it is saved, also over the end of the session, and asks before the page is left. Fields
 * whose name contains "password" are never kept.
 *
 * @param form a name that no other form has, with the id of what is edited: `edit-user:${id}`
 */
export function useFormDraft(form: string): Draft {
  const t = useTranslations('controls.draft');
  const { queryClient } = useGatehouse();
  const trpc = useTRPC();
  const userId = useMe().data?.user.id;
  const [isDirty, setIsDirty] = useState(false);
  const [offered, setOffered] = useState<DraftValues>();
  const state = useRef({ isKnown: false, isDirty: false, restore: (_values: DraftValues): void => undefined });

  const { connection, discard } = useMemo(() => {
    const mark = (dirty: boolean): void => {
      state.current.isDirty = dirty;
      setIsDirty(dirty);
    };
    const forget = (): void => {
      mark(false);
      setOffered(undefined);
      if (userId !== undefined) removeDraft(userId, form);
    };
    const connected: FormDraft = {
      onValues(values, { isDirty: dirty, restore }) {
        if (userId === undefined) return;
        if (!state.current.isKnown) setOffered(readDraft(userId, form, values));
        // Before the user decides about an earlier draft, only typing replaces it.
        if (dirty) saveDraft(userId, form, values);
        else if (state.current.isDirty) removeDraft(userId, form);
        Object.assign(state.current, { isKnown: true, restore });
        mark(dirty);
      },
      onSaved: forget,
    };
    return { connection: connected, discard: forget };
  }, [userId, form]);

  const blocker = useBlocker({
    // After the end of the session, the way to the sign-in page is free, and the draft stays.
    shouldBlockFn: ({ current, next }) =>
      state.current.isDirty && current.pathname !== next.pathname && queryClient.getQueryData(trpc.auth.me.queryKey()) !== undefined,
    enableBeforeUnload: () => state.current.isDirty,
    disabled: !isDirty,
    withResolver: true,
  });

  const leave = (): void => {
    discard();
    blocker.proceed?.();
  };
  const refuseOffer = (): void => {
    setOffered(undefined);
    // What was typed since is another draft.
    if (!state.current.isDirty) discard();
  };
  const restore = (): void => {
    if (offered) state.current.restore(offered);
    setOffered(undefined);
  };

  const notice = (
    <>
      {offered && (
        <fieldset className={classes.offer} aria-label={t('offer')}>
          <p>{t('offer')}</p>
          <Button size="xs" onClick={restore}>
            {t('restore')}
          </Button>
          <Button size="xs" variant="default" onClick={refuseOffer}>
            {t('discard')}
          </Button>
        </fieldset>
      )}
      {blocker.status === 'blocked' && (
        <Dialog title={t('leaveTitle')} onCancel={blocker.reset}>
          <p>{t('leaveText')}</p>
          <DialogActions onCancel={blocker.reset} cancelLabel={t('stay')}>
            <Button color="red.9" onClick={leave}>
              {t('leave')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
  return { connection, notice, discard };
}
