import { useId } from 'react';
import classes from './choice-group.module.css';

interface ChoiceGroupProps<Value extends string> {
  readonly label: string;
  readonly choices: ReadonlyArray<{ readonly value: Value; readonly label: string }>;
  readonly value: Value | undefined;
  readonly onChange: (value: Value) => void;
}

/** A few choices side by side: radio buttons that look like one control. */
export function ChoiceGroup<Value extends string>({ label, choices, value, onChange }: ChoiceGroupProps<Value>) {
  const id = useId();
  return (
    <div className={classes.group} role="radiogroup" aria-labelledby={id}>
      <span id={id}>{label}</span>
      <span className={classes.choices}>
        {choices.map((choice) => (
          <label key={choice.value} className={classes.choice}>
            <input
              type="radio"
              name={id}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
              className={classes.radio}
            />
            {choice.label}
          </label>
        ))}
      </span>
    </div>
  );
}
