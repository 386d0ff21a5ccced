import { errorReason } from '@gatehouse/client';
import type { Reason } from '@gatehouse/contract';
import { useForm, type UseFormInput, type UseFormReturnType } from '@mantine/form';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import type { z } from 'zod';
import { translator } from '../i18n/translator.ts';
import { refusedFields, translateFieldMessage } from './field-errors.ts';
import type { FormDraft } from './form-draft/form-draft.ts';
import { fieldPaths, rebase } from './form-fields.ts';
import { notifyFailure } from './notify.ts';
import { useIsMounted } from './use-is-mounted.ts';

interface ServerFormOptions<Values extends Record<string, unknown>, Output> {
  /** The contract's schema of the input, or a function that loads it. Its messages are shown in the language of the page. */
  readonly schema: z.ZodType<Values> | (() => Promise<z.ZodType<Values>>);
  /** If they change, for example because another tab has saved, the fields that were not touched follow. */
  readonly initialValues: Values;
  /** Sends the values: `mutation.mutateAsync`. */
  readonly send: (values: Values) => Promise<Output>;
  readonly onSuccess?: (output: Output, values: Values) => unknown;
  /** Reasons that concern a field, which shows them: `{ WRONG_PASSWORD: 'currentPassword' }`. */
  readonly fieldReasons?: Partial<Record<Reason, keyof Values & string>>;
  /** Fields to empty when the server refuses for a reason: `{ INVALID_CREDENTIALS: ['password'] }`. */
  readonly clearOn?: Partial<Record<Reason, ReadonlyArray<keyof Values & string>>>;
  /** What a notification says that failed, if the user has left the page meanwhile: "Your name could not be saved". */
  readonly failureTitle?: string;
  /** Stay busy after success, because the next page is about to replace the form. @default false */
  readonly busyAfterSuccess?: boolean;
  /** Keeps what was typed until it is saved: `useFormDraft('profile').connection`. */
  readonly draft?: FormDraft;
  readonly formOptions?: Omit<UseFormInput<Values>, 'initialValues' | 'validate'>;
}

/**
 * The one way to submit a form to the server: validates with the contract's schema, ignores a second submission while one is pending, shows
 * the server's messages at the fields they concern and moves the focus to the first of them. Render `failure` with `FormFailure`: it is
 * everything that concerns no field.
 */
export function useServerForm<Values extends Record<string, unknown>, Output>({
  schema,
  initialValues,
  send,
  onSuccess,
  fieldReasons = {},
  clearOn = {},
  failureTitle,
  busyAfterSuccess = false,
  draft,
  formOptions,
}: ServerFormOptions<Values, Output>) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const isMounted = useIsMounted();
  const form = useForm<Values>({
    ...formOptions,
    initialValues,
    ...(typeof schema !== 'function' && { validate: (values: Values) => problemsOf(schema, values) }),
  });
  const values = form.getValues();
  const isDirty = form.isDirty();
  const { setValues } = form;
  useEffect(
    () => draft?.onValues(values, { isDirty, restore: (kept) => setValues(kept as Partial<Values>) }),
    [draft, values, isDirty, setValues],
  );

  useRebase(form, initialValues);

  /** In the order of the fields of the form, because the server's is its own. */
  const focusFirst = (errors: object) => form.getInputNode(fieldPaths(initialValues).find((path) => path in errors) ?? '')?.focus();

  const refuse = (error: unknown): void => {
    const reason = errorReason(error);
    const field = reason && fieldReasons[reason];
    const messages = field ? { [field]: translator('errors')(`reasons.${reason}`) } : refusedFields(error);
    for (const name of (reason && clearOn[reason]) ?? []) form.setFieldValue(name, '' as never);
    form.setErrors(messages);
    const shown = new Set(fieldPaths(form.getValues()));
    const isShown = Object.keys(messages).some((path) => shown.has(path));
    setFailure(isShown ? null : error);
    if (isShown) focusFirst(messages);
  };

  const submit = async (values: Values): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    let done = false;
    try {
      // A schema that cannot be loaded is no reason to refuse: the server validates as well.
      const problems = typeof schema === 'function' ? problemsOf(await schema().catch(() => undefined), values) : {};
      if (Object.keys(problems).length > 0) {
        form.setErrors(problems);
        focusFirst(problems);
        return;
      }
      const output = await send(values);
      done = true;
      draft?.onSaved();
      await onSuccess?.(output, values);
    } catch (error) {
      // On another page, nobody would see the form's error.
      if (isMounted()) refuse(error);
      else if (failureTitle !== undefined) notifyFailure(failureTitle, error);
    } finally {
      if (!done || !busyAfterSuccess) setBusy(false);
    }
  };

  const onSubmit = (event: FormEvent<HTMLFormElement>): void => form.onSubmit((values) => void submit(values), focusFirst)(event);
  return { form, onSubmit, busy, failure };
}

/** Fields that were not touched follow `initialValues`. */
function useRebase<Values extends Record<string, unknown>>(form: UseFormReturnType<Values>, initialValues: Values): void {
  const latest = useRef(initialValues);
  const known = JSON.stringify(initialValues);
  const { getValues, setValues, resetDirty, setInitialValues } = form;
  useEffect(() => {
    const before = latest.current;
    if (JSON.stringify(before) === known) return;
    latest.current = JSON.parse(known) as Values;
    const values = rebase(getValues(), before, latest.current);
    setInitialValues(latest.current);
    setValues(values);
    resetDirty(latest.current);
  }, [known, getValues, setValues, resetDirty, setInitialValues]);
}

/** The first message of each field. */
function problemsOf(schema: z.ZodType | undefined, values: unknown): Record<string, string> {
  const result = schema?.safeParse(values);
  const problems: Record<string, string> = {};
  for (const { path, message } of result?.error?.issues ?? []) problems[path.join('.')] ??= translateFieldMessage(message);
  return problems;
}
