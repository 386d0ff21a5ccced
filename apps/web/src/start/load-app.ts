// A separate function: Vite wraps `import()` together with chained calls, which then miss errors of style sheets.
export const loadApp = () => import('../app/start-app.tsx');
