import { useMe } from '@gatehouse/client/react';
import { Link, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import classes from './navigation.module.css';
import { navigationItems } from './navigation-items.ts';
import { usePreloadPages } from './use-preload-pages.ts';

export function Navigation() {
  const role = useMe().data?.user.role;
  const router = useRouter();
  const items = navigationItems(Object.values(router.routesById), role);
  usePreloadPages(items.map(({ path }) => path));
  const navigation = useRef<HTMLElement>(null);
  useEffect(
    () =>
      router.subscribe('onRendered', () => {
        if (navigation.current) scrollToCurrent(navigation.current);
      }),
    [router],
  );
  return (
    <nav ref={navigation} aria-label="Main" className={classes.navigation}>
      {items.map(({ path, label }) => (
        <Link key={path} to={path} activeOptions={{ exact: path === '/' }} className={classes.link}>
          {label}
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
