export interface SidebarLink {
  readonly text: string;
  /** A page of the site, such as `guide/express.md`. */
  readonly page: string;
}

export interface SidebarGroup {
  readonly text: string;
  readonly links: readonly SidebarLink[];
  readonly collapsed?: boolean;
}

/** Every page has its place here; a test fails for one that has none. */
export const SIDEBAR: readonly SidebarGroup[] = [
  {
    text: 'Start',
    links: [
      { text: 'Quick start', page: 'start.md' },
      { text: 'Concepts', page: 'concepts.md' },
      { text: 'Install the packages', page: 'guide/install.md' },
      { text: 'Begin with npm create', page: 'guide/create.md' },
      { text: 'Questions and comparisons', page: 'faq.md' },
    ],
  },
  {
    text: 'Build',
    links: [
      { text: 'Express', page: 'guide/express.md' },
      { text: 'createGatehouse', page: 'guide/create-gatehouse.md' },
      { text: 'Your own users', page: 'guide/own-users.md' },
      { text: 'Your own fields', page: 'guide/own-fields.md' },
      { text: 'Your own router', page: 'guide/own-router.md' },
      { text: 'OpenID Connect', page: 'guide/oidc.md' },
      { text: 'React', page: 'guide/react.md' },
      { text: 'Node and the browser', page: 'guide/clients.md' },
      { text: 'Mobile apps and bearer tokens', page: 'guide/bearer.md' },
      { text: 'WebSockets', page: 'guide/websockets.md' },
      { text: 'Expiry', page: 'guide/expiry.md' },
      { text: 'Events', page: 'guide/events.md' },
      { text: 'Testing', page: 'guide/testing.md' },
      { text: 'Recipes', page: 'recipes.md' },
    ],
  },
  {
    text: 'Run',
    links: [
      { text: 'Production', page: 'guide/deploying.md' },
      { text: 'The command line', page: 'guide/command-line.md' },
      { text: 'Upgrading', page: 'guide/upgrading.md' },
      { text: 'Backup and restore', page: 'guide/backup.md' },
      { text: 'Where sessions are stored', page: 'guide/engines.md' },
      { text: 'Redis', page: 'guide/redis.md' },
      { text: 'Many servers', page: 'guide/many-servers.md' },
      { text: 'Behind nginx and Caddy', page: 'guide/proxy.md' },
      { text: 'Below a path', page: 'guide/sub-path.md' },
      { text: 'Beside your own Prisma schema', page: 'guide/prisma.md' },
      { text: 'Audit trail and log', page: 'guide/audit.md' },
      { text: 'Metrics and traces', page: 'guide/metrics.md' },
      { text: 'Screens', page: 'guide/screens.md' },
      { text: 'Troubleshooting', page: 'troubleshooting.md' },
    ],
  },
  {
    text: 'Move',
    links: [
      { text: 'From Django', page: 'guide/from-django.md' },
      { text: 'From express-session', page: 'guide/from-express-session.md' },
      { text: 'From better-auth', page: 'guide/from-better-auth.md' },
    ],
  },
  {
    text: 'Look up',
    links: [
      { text: 'Reference card', page: 'reference/card.md' },
      { text: 'Settings', page: 'reference/settings.md' },
      { text: 'Commands', page: 'reference/cli.md' },
      { text: 'Checks of the doctor', page: 'reference/doctor.md' },
      { text: 'API reference', page: 'api/index.md' },
      { text: '@gatehouse/server', page: 'api/server.md' },
      { text: '@gatehouse/session', page: 'api/session.md' },
      { text: '@gatehouse/client', page: 'api/client.md' },
      { text: '@gatehouse/client/node', page: 'api/client-node.md' },
      { text: '@gatehouse/client/react', page: 'api/client-react.md' },
    ],
  },
  {
    text: 'Understand',
    links: [
      { text: 'Rules of sessions', page: 'reference/semantics.md' },
      { text: 'Races', page: 'reference/races.md' },
      { text: 'Security', page: 'reference/security.md' },
      { text: 'Benchmarks', page: 'reference/benchmarks.md' },
      { text: 'How they are measured', page: 'reference/benchmark-method.md' },
      { text: 'Decisions', page: 'decisions/index.md' },
      { text: 'Changes', page: 'changelog.md' },
    ],
  },
];

/** The path of a page in the address bar: `guide/express.md` → `/guide/express`. */
export const pathOf = (page: string): string => `/${page.replace(/(?:^|(?<=\/))index\.md$/, '').replace(/\.md$/, '')}`;
