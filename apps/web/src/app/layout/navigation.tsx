import { useMe } from '@gatehouse/client/react';
import { Link, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { guardedPages } from './guarded-pages.ts';
import { useFetchAhead } from './use-fetch-ahead.ts';
import classes from './navigation.module.css';

export function Navigation() {
  const role = useMe().data?.user.role;
  const router = useRouter();
  const pages = guardedPages(Object.values(router.routesById), role);
  useFetchAhead(pages.map(({ path }) => path));
  const navigation = useRef<HTMLElement>(null);
  useEffect(
    () =>
      router.subscribe('onRendered', () => {
        if (navigation.current) showCurrent(navigation.current);
      }),
    [router],
  );
  return (
    <nav ref={navigation} aria-label="Main" className={classes.navigation}>
      {pages.map(({ path, label }) => (
        <Link key={path} to={path} activeOptions={{ exact: path === '/' }} className={classes.link}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

/** Where the links are wider than the screen: sideways only, which `scrollIntoView` is not. */
function showCurrent(navigation: HTMLElement): void {
  const link = navigation.querySelector('[aria-current="page"]')?.getBoundingClientRect();
  const { left, right } = navigation.getBoundingClientRect();
  if (link) navigation.scrollLeft += Math.max(0, link.right - right) + Math.min(0, link.left - left);
}
