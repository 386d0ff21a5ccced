import { createMemoryHistory, createRootRoute, createRoute, createRouter, type StaticDataRouteOption } from '@tanstack/react-router';
import { expect, test } from 'vitest';
import { navigationItems } from './navigation-items.ts';

const root = createRootRoute();
const page = (path: string, staticData: StaticDataRouteOption) => createRoute({ getParentRoute: () => root, path, staticData });

const routes = [
  page('/admin', { nav: { label: 'admin', order: 3 }, role: 'admin' }),
  page('/', { nav: { label: 'dashboard', order: 1 } }),
  page('/by-link-only', {}),
  page('/profile', { nav: { label: 'profile', order: 2 } }),
];
// A route has a full path only once it is in a tree.
createRouter({ routeTree: root.addChildren(routes), history: createMemoryHistory() });
const labels = (role: 'user' | 'admin' | undefined) => navigationItems(routes, role).map(({ label }) => label);

test('links are sorted by their order', () => {
  expect(labels('admin')).toEqual(['dashboard', 'profile', 'admin']);
  expect(navigationItems(routes, 'user')[1]).toEqual({ path: '/profile', label: 'profile' });
});

test.each(['user', undefined] as const)('a link to an administrators’ page is not shown to %s', (role) => {
  expect(labels(role)).toEqual(['dashboard', 'profile']);
});
