import { trpc } from '@gatehouse/client/react';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { notifyFailure } from '../../shared/notify.ts';
import classes from './report-card.module.css';

/** For emergencies, such as a leak. Asks for confirmation, because it cannot be undone. */
export function SignEveryoneOutCard() {
  const [confirming, setConfirming] = useState(false);
  const queries = trpc.useUtils();
  const revokeAll = trpc.admin.sessions.revokeAll.useMutation({
    // This session has ended as well: the refetch is refused, which redirects to the login page.
    onSuccess: () => queries.auth.me.invalidate(),
    onError: (error) => notifyFailure('The sessions could not be ended', error),
  });
  const confirm = () => {
    setConfirming(false);
    revokeAll.mutate();
  };
  return (
    <Card title="Emergency">
      <div className={classes.report}>
        <p>Ends all sessions of all accounts, including yours. Everyone has to sign in again.</p>
        <ActionButton variant="default" onClick={() => setConfirming(true)} busy={revokeAll.isPending}>
          Sign everyone out
        </ActionButton>
      </div>
      {confirming && (
        <Dialog title="Sign everyone out?" onCancel={() => setConfirming(false)}>
          <p>This ends all sessions immediately, including yours. Unsaved work may be lost.</p>
          <DialogActions onCancel={() => setConfirming(false)}>
            <Button color="red.9" onClick={confirm}>
              Sign everyone out
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Card>
  );
}
