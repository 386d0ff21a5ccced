import classes from './request-id.module.css';

/** What to quote when telling whoever runs the server. */
export function RequestId({ id }: { id: string | undefined }) {
  if (!id) return null;
  return (
    <p className={classes.note}>
      If it stays like this, tell your administrator the request: <code className={classes.id}>{id}</code>
    </p>
  );
}
