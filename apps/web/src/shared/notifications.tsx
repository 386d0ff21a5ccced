import '@mantine/core/styles/Notification.css';
import '@mantine/notifications/styles.css';
import { Notifications as MantineNotifications } from '@mantine/notifications';

/** Where notifications appear. Loaded after the page, because the first one follows an action of the user. */
export const Notifications = () => <MantineNotifications position="bottom-right" />;
