import { useMe } from '@gatehouse/client/react';
import { Notifications } from '@mantine/notifications';
import { Outlet, useMatches } from '@tanstack/react-router';
import { Reauthentication } from '../../features/reauthentication/reauthentication.tsx';
import { ExpiryNotice } from '../../features/session/expiry-notice.tsx';
import { ForbiddenMessage } from '../forbidden-message.tsx';
import { Footer } from './footer.tsx';
import { Framed } from './frame.ts';
import { Header } from './header.tsx';
import classes from './signed-in-layout.module.css';

export function SignedInLayout() {
  const { data: me } = useMe();
  const required = useMatches({ select: (matches) => matches.findLast((match) => match.staticData.role)?.staticData.role });
  return (
    <>
      <ExpiryNotice />
      <Header />
      <main id="main" tabIndex={-1} className={classes.main}>
        {/* A page is made for one user: for another it is made anew, with nothing in its forms; and for nobody it is not there. */}
        {me && (
          <Framed key={me.user.id} value={true}>
            {required && me.user.role !== required ? <ForbiddenMessage /> : <Outlet />}
          </Framed>
        )}
      </main>
      <Footer />
      <Reauthentication />
      <Notifications position="bottom-right" />
    </>
  );
}
