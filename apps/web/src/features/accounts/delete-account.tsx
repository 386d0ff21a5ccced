import { trpc } from '@gatehouse/client/react';
import type { SessionUser } from '@gatehouse/contract';
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { pluralize } from '../../shared/pluralize.ts';
import { useIsMounted } from '../../shared/use-is-mounted.ts';

/** Asks for confirmation, because it cannot be undone. */
export function DeleteAccount({ user }: { user: SessionUser }) {
  const [confirming, setConfirming] = useState(false);
  const navigate = useNavigate();
  const queries = trpc.useUtils();
  const isMounted = useIsMounted();
  const remove = trpc.admin.users.delete.useMutation({
    async onSuccess({ ended }, { userId }) {
      notifyDone(`${user.name} was deleted. ${pluralize(ended, 'session')} ended.`);
      // Leave the page before its query is reset, and replace it in the history.
      if (isMounted()) await navigate({ to: '/accounts', replace: true });
      await queries.admin.users.get.reset({ userId });
      await queries.admin.invalidate();
    },
    onError: (error) => notifyFailure('The account could not be deleted', error),
  });

  const confirm = () => {
    setConfirming(false);
    remove.mutate({ userId: user.id });
  };

  return (
    <>
      <ActionButton variant="default" onClick={() => setConfirming(true)} busy={remove.isPending}>
        Delete account
      </ActionButton>
      {confirming && (
        <Dialog title={`Delete ${user.name}?`} onCancel={() => setConfirming(false)}>
          <p>
            The account {user.username} and its sessions are deleted permanently. Its entries stay in the audit trail until the retention
            period ends.
          </p>
          <DialogActions onCancel={() => setConfirming(false)}>
            <Button color="red.9" onClick={confirm}>
              Delete permanently
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
}
