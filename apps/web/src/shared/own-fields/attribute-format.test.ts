import { expect, test } from 'vitest';
import { attributeLabel, formatAttribute } from './attribute-format.ts';

test.each([
  ['department', 'Department'],
  ['costCenter', 'Cost center'],
  ['cost_center', 'Cost center'],
  ['employeeID', 'Employee ID'],
  ['floor2Room', 'Floor2 room'],
])('the label of %s is %s', (name, label) => {
  expect(attributeLabel(name)).toBe(label);
});

test.each([
  ['Sales', 'Sales'],
  ['', '–'],
  [null, '–'],
  [4, '4'],
  [true, 'Yes'],
  [['a', 7], 'a, 7'],
  [[], '–'],
  [{ city: 'Köln' }, '{"city":"Köln"}'],
])('%j is shown as %s', (value, text) => {
  expect(formatAttribute(value, { yes: 'Yes', no: 'No' })).toBe(text);
});
