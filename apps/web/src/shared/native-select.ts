// The arrow of a native select has the styles of a combobox, which Mantine does not say. Without them it is too large, until another page
// loads them.
import '@mantine/core/styles/Combobox.css';

export { NativeSelect, type NativeSelectProps } from '@mantine/core';
