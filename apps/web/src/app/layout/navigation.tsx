import { useMe } from '@gatehouse/client/react';
import { Link, useRouter } from '@tanstack/react-router';
import { useSettled } from '../../shared/use-settled.ts';
import { guardedPages } from './guarded-pages.ts';
import classes from './navigation.module.css';

export function Navigation() {
  const settled = useSettled();
  const role = useMe().data?.user.role;
  const routes = Object.values(useRouter().routesById);
  return (
    <nav aria-label="Main" className={classes.navigation}>
      {guardedPages(routes, role).map(({ path, label }) => (
        // Fetched ahead: going there then needs no server, and works while it is away.
        <Link key={path} to={path} preload={settled ? 'render' : 'intent'} activeOptions={{ exact: path === '/' }} className={classes.link}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
