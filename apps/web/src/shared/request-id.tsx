import classes from './request-id.module.css';

/** The request id to quote when reporting an error. */
export function RequestId({ id }: { id: string | undefined }) {
  if (!id) return null;
  return (
    <p className={classes.note}>
      If the problem persists, contact your administrator and quote this request ID: <code className={classes.id}>{id}</code>
    </p>
  );
}
