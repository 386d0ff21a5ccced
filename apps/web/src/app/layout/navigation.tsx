import { useMe } from '@gatehouse/client/react';
import { Link, useRouter } from '@tanstack/react-router';
import { guardedPages } from './guarded-pages.ts';
import classes from './navigation.module.css';

export function Navigation() {
  const role = useMe().data?.user.role;
  const routes = Object.values(useRouter().routesById);
  return (
    <nav aria-label="Main" className={classes.navigation}>
      {guardedPages(routes, role).map(({ path, label }) => (
        // Fetched when the link is shown: going there then needs no server, and works while it is away.
        <Link key={path} to={path} preload="render" activeOptions={{ exact: path === '/' }} className={classes.link}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
