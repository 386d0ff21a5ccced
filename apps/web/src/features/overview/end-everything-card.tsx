import { trpc } from '@gatehouse/client/react';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { Dialog } from '../../shared/dialog.tsx';
import { DialogActions } from '../../shared/dialog-actions.tsx';
import { notifyFailure } from '../../shared/notify.ts';
import classes from './report-card.module.css';

/** The last resort, as after a leak. It cannot be taken back, so it asks. */
export function EndEverythingCard() {
  const [asking, setAsking] = useState(false);
  const queries = trpc.useUtils();
  const revokeAll = trpc.admin.sessions.revokeAll.useMutation({
    // Our own session is gone as well: the next answer says so, and leads to the door.
    onSuccess: () => queries.auth.me.invalidate(),
    onError: (error) => notifyFailure('Nobody was signed out', error),
  });
  const confirm = () => {
    setAsking(false);
    revokeAll.mutate();
  };
  return (
    <Card title="In an emergency">
      <div className={classes.report}>
        <p>Ends every session of every account, yours too. Everyone has to sign in again.</p>
        <ActionButton variant="default" onClick={() => setAsking(true)} busy={revokeAll.isPending}>
          Sign everyone out
        </ActionButton>
      </div>
      {asking && (
        <Dialog title="Sign everyone out?" onCancel={() => setAsking(false)}>
          <p>Every session ends at once, yours too. Unsaved work may be lost.</p>
          <DialogActions onCancel={() => setAsking(false)}>
            <Button color="red.9" onClick={confirm}>
              Sign everyone out
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </Card>
  );
}
