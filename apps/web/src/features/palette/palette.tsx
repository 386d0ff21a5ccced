/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a combobox with groups (WAI-ARIA practices) has no elements of its own */
import { useMe } from '@gatehouse/client/tanstack';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import { createSpotlight, Spotlight, useSpotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './palette.module.css';
import { matches, useCommands, type Command, type PalettePage } from './use-commands.ts';
import { useFoundUsers } from './use-found-users.ts';

const [store, spotlight] = createSpotlight();

export interface Opening {
  /** The element that had the focus, and gets it back. */
  readonly focused: Element | null;
}

/** Mantine moves the selection only in its own list, which does not tell screen readers. So this keeps the selection itself. */
export function Palette({ opening, pages }: { opening: Opening; pages: readonly PalettePage[] }) {
  const t = useTranslations('palette');
  const { opened } = useSpotlight(store);
  const returnFocus = () => {
    if (opening.focused instanceof HTMLElement) opening.focused.focus({ preventScroll: true });
  };
  // oxlint-disable-next-line react/exhaustive-deps -- each opening counts, also if nothing else changes
  useEffect(() => spotlight.open(), [opening]);
  // The account changed, or signed out.
  useEffect(() => () => spotlight.close(), []);
  return (
    <Spotlight.Root
      store={store}
      // shared/shortcuts has it.
      shortcut={null}
      // Locking adds a <style>, which the content security policy blocks.
      lockScroll={false}
      overlayProps={{ backgroundOpacity: 0.45 }}
      attributes={{ content: { 'aria-label': t('title') } }}
      classNames={{ content: classes.content ?? '' }}
      transitionProps={{ duration: 0 }}
      // Mantine's comes after app/layout/use-focus-recovery.ts, which has moved the focus by then.
      returnFocus={false}
      onSpotlightClose={returnFocus}
    >
      {opened && <Content pages={pages} onRun={returnFocus} />}
    </Spotlight.Root>
  );
}

function Content({ pages, onRun }: { pages: readonly PalettePage[]; onRun: () => void }) {
  const t = useTranslations('palette');
  const isAdmin = useMe().data?.user.role === 'admin';
  const [query, setQuery] = useState('');
  const [selected, setSelected] = useState(0);
  const id = useId();
  const all = useCommands(pages);
  const found = useFoundUsers(query, isAdmin);
  const searches = useSearchCommands(isAdmin ? query.trim() : '');
  const own = all.filter(({ label }) => matches(label, query));
  const commands = [
    ...own.filter(({ group }) => group === 'pages'),
    ...found.commands,
    ...own.filter(({ group }) => group === 'actions'),
    ...searches,
  ];
  const current = Math.min(selected, commands.length - 1);
  const groups = Map.groupBy(commands, ({ group }) => group);
  const optionId = (command: Command) => `${id}-${commands.indexOf(command)}`;

  const run = (command: Command | undefined) => {
    if (!command) return;
    spotlight.close();
    // Before the command, which may open a dialog that remembers the focus.
    onRun();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const { length } = commands;
    if (event.key === 'ArrowDown') setSelected((current + 1) % Math.max(1, length));
    else if (event.key === 'ArrowUp') setSelected((current - 1 + length) % Math.max(1, length));
    else if (event.key === 'Enter') run(commands[current]);
    else return;
    event.preventDefault();
  };
  // Of the same text as the message that nothing was found.
  const status = found.hasFailed
    ? t('searchFailed')
    : found.isSearching
      ? t('searching')
      : commands.length === searches.length && query.trim() !== ''
        ? t('nothing', { query: query.trim() })
        : t('found', { count: commands.length });

  return (
    <>
      <Spotlight.Search
        value={query}
        onChange={({ currentTarget }) => {
          setQuery(currentTarget.value);
          setSelected(0);
        }}
        onKeyDown={onKeyDown}
        placeholder={t(isAdmin ? 'placeholderAdmin' : 'placeholder')}
        aria-label={t('title')}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={commands.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={commands.length > 0 ? `${id}-${current}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        className={classes.search}
      />
      <div role="listbox" id={`${id}-list`} aria-label={t('results')} className={classes.list}>
        {[...groups].map(([group, list]) => (
          <div key={group} role="group" aria-label={t(`groups.${group}`)} className={classes.group}>
            <div aria-hidden="true" className={classes.heading}>
              {t(`groups.${group}`)}
            </div>
            {list.map((command) => (
              <Option key={command.id} id={optionId(command)} command={command} isSelected={commands[current] === command} onRun={run} />
            ))}
          </div>
        ))}
      </div>
      <div className={classes.footer}>
        <output>{status}</output>
        <span className={classes.hint}>{t.rich('hint', { k: (keys) => <kbd className={classes.key}>{keys}</kbd> })}</span>
      </div>
    </>
  );
}

interface OptionProps {
  readonly id: string;
  readonly command: Command;
  readonly isSelected: boolean;
  readonly onRun: (command: Command) => void;
}

function Option({ id, command, isSelected, onRun }: OptionProps) {
  const { label, description } = command;
  useEffect(() => {
    if (isSelected) document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  }, [isSelected, id]);
  return (
    <Spotlight.Action
      role="option"
      aria-selected={isSelected}
      data-selected={isSelected || undefined}
      className={classes.option}
      onClick={() => onRun(command)}
      // Mantine does not pass an id on.
      renderRoot={(root) => <button type="button" {...root} id={id} />}
    >
      <span className={classes.text}>
        <bdi>{label}</bdi>
        {description !== undefined && (
          <span className={classes.description}>
            <bdi>{description}</bdi>
          </span>
        )}
      </span>
    </Spotlight.Action>
  );
}

/** Go on in a table, for what the palette does not list. */
function useSearchCommands(text: string): readonly Command[] {
  const t = useTranslations('palette');
  const router = useRouter();
  if (text === '') return [];
  return [
    {
      id: 'search users',
      group: 'search',
      label: t('users', { query: text }),
      run: () => void router.navigate({ to: '/accounts', search: { q: text } }),
    },
    {
      id: 'search sessions',
      group: 'search',
      label: t('sessions', { query: text }),
      run: () => void router.navigate({ to: '/all-sessions', search: { q: text } }),
    },
  ];
}
