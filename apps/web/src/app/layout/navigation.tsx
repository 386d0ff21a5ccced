import { useMe } from '@gatehouse/client/tanstack';
import { Link, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl/react';
import { useShortcuts } from '../../shared/shortcuts/use-shortcuts.ts';
import classes from './navigation.module.css';
import { navigationItems } from './navigation-items.ts';
import { usePreloadPages } from './use-preload-pages.ts';

export function Navigation() {
  const t = useTranslations('navigation');
  const role = useMe().data?.user.role;
  const router = useRouter();
  const items = navigationItems(Object.values(router.routesById), role);
  usePreloadPages(items.map(({ path }) => path));
  const shortcutTexts = useTranslations('shortcuts');
  // Numbers are the same on the keyboards of all languages.
  useShortcuts(
    items.map(({ path, label }, index) => ({
      keys: `g ${index + 1}`,
      label: shortcutTexts('openPage', { page: t(`pages.${label}`) }),
      group: shortcutTexts('pages'),
      run: () => void router.navigate({ to: path }),
    })),
  );
  const navigation = useRef<HTMLElement>(null);
  useEffect(
    () =>
      router.subscribe('onRendered', () => {
        if (navigation.current) scrollToCurrent(navigation.current);
      }),
    [router],
  );
  return (
    <nav ref={navigation} aria-label={t('label')} className={classes.navigation}>
      {items.map(({ path, label }) => (
        <Link key={path} to={path} activeOptions={{ exact: path === '/' }} className={classes.link}>
          {t(`pages.${label}`)}
        </Link>
      ))}
    </nav>
  );
}

/** Scrolls the current link into view if the links do not fit. `scrollIntoView` would also scroll the page vertically. */
function scrollToCurrent(navigation: HTMLElement): void {
  const link = navigation.querySelector('[aria-current="page"]')?.getBoundingClientRect();
  const { left, right } = navigation.getBoundingClientRect();
  if (link) navigation.scrollLeft += Math.max(0, link.right - right) + Math.min(0, link.left - left);
}
