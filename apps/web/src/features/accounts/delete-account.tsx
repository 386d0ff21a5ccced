import { trpc } from '@gatehouse/client/react';
import type { SessionUser } from '@gatehouse/contract';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { counted } from '../../shared/counted.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { DialogActions } from '../../shared/dialog-actions.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { useIsShown } from '../../shared/use-is-shown.ts';

/** It cannot be taken back, so it asks. */
export function DeleteAccount({ user }: { user: SessionUser }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const queries = trpc.useUtils();
  const isShown = useIsShown();
  const remove = trpc.admin.users.delete.useMutation({
    async onSuccess({ ended }, { userId }) {
      notifyDone(`${user.name} is deleted. ${counted(ended, 'session')} ended.`);
      // The page first, and not to be gone back to: what it shows is there no more, nor in the cache.
      if (isShown()) await navigate({ to: '/accounts', replace: true });
      await queries.admin.users.get.reset({ userId });
      await queries.admin.invalidate();
    },
    onError: (error) => notifyFailure('The account was not deleted', error),
  });

  const confirm = () => {
    setAsking(false);
    remove.mutate({ userId: user.id });
  };

  return (
    <>
      <ActionButton variant="default" onClick={() => setAsking(true)} busy={remove.isPending}>
        Delete the account
      </ActionButton>
      {asking && (
        <Dialog title={`Delete ${user.name}?`} onCancel={() => setAsking(false)}>
          <p>
            The account {user.username} and its sessions are deleted permanently. Its entries stay in the audit trail until the retention
            period ends.
          </p>
          <DialogActions onCancel={() => setAsking(false)}>
            <Button color="red.9" onClick={confirm}>
              Delete permanently
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
}
