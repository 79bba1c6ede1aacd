import { expect, test } from 'vitest';
import { compileExpression, type Dialect, knownAttributes } from './index.ts';

/** What is wrong is said before anything runs: where, what, and the nearest right form. */
const refusals: readonly (readonly [expression: string, says: string, dialect?: Dialect])[] = [
  ['', 'CS3001 at 1:1: an expression is missing'],
  ['Left([x], 3', 'CS3001 at 1:12: a closing parenthesis is missing'],
  ['Left([x], 3))', 'CS3001 at 1:13: there is a closing parenthesis too many'],
  ['Trim([x]', 'CS3001 at 1:9: a closing parenthesis is missing'],
  ['[x] &', 'CS3001 at 1:6: it ends where something must follow'],
  ['[x] [y]', 'CS3001 at 1:5: [y] cannot stand here'],
  ['Trim(\n  "open)', 'CS3001 at 2:3: the text that begins here is not closed'],
  ['Trim([x)', 'CS3001 at 1:6: the attribute that begins here is not closed by ]'],
  ['Trim(“x”)', 'CS3001 at 1:6: “ is a typographic quote'],
  ['Trim', 'CS3001 at 1:1: Trim is a function: parentheses must follow'],
  ['[x] && [y] || [x]', 'CS3001 at 1:12: && and || run from left to right alike: put parentheses'],
  ['[x] = [y] = "a"', 'CS3001 at 1:11: = cannot stand here after [y]'],
  ['Lefd([x], 3)', 'CS3003 at 1:1: there is no function "Lefd"; did you mean "Left"?'],
  ['Join(",", ToLowr([x]))', 'CS3003 at 1:11: there is no function "ToLowr"; did you mean "ToLower"?'],
  ['Frobnicate([x])', 'CS3003 at 1:1: there is no function "Frobnicate".'],
  ['LCase([x])', 'CS3004 at 1:1: the function LCase belongs to the dialect connect'],
  ['ToLower([x])', 'CS3004 at 1:1: the function ToLower belongs to the dialect provisioning', 'connect'],
  ['[x] + 1', 'CS3004 at 1:5: the operator + belongs to the dialect connect'],
  ['Left([x])', 'CS3005 at 1:1: Left lacks its argument "length"'],
  ['Left(, 3)', 'CS3005 at 1:1: Left lacks its argument "string"'],
  ['Left([x], 3, 4)', 'CS3005 at 1:1: Left takes 2 arguments, and 3 are given'],
  ['Now(1)', 'CS3005 at 1:1: Now takes no argument, and 1 are given'],
  ['Switch([x], "d", "k")', 'CS3005 at 1:18: Switch has a key without a value'],
  ['Switch([x] = 1, "a", True)', 'CS3005 at 1:22: Switch has a condition without a value', 'connect'],
  ['FormatDateTime([x], , "yyyy", "%")', 'CS3005'],
  ['FormatDateTime([x], , "yyyy", "q")', 'CS3005 at 1:31: "q" is no date format'],
  ['DateAdd("fortnight", 1, [x])', 'CS3005 at 1:9: DateAdd: "interval" is one of yyyy, q, m, y, d, w, ww, h, n, s'],
  ['ReplaceChars([x], "ab:c")', 'the pair "ab:c" is not one character', 'connect'],
  ['Replace([x], "a", "b", , "c", , )', 'CS3005 at 1:14: Replace takes either oldValue or regexPattern'],
  ['Replace([x], "a")', 'CS3005 at 1:9: Replace with oldValue needs either replacementValue or template'],
  ['Replace([x], , "(?<n>a)", "m", "", , )', 'CS3005 at 1:27: the pattern of Replace has no group "m"'],
  ['Select([y], [x], 1)', 'CS3005 at 1:8: Select names a variable first, as in $item', 'connect'],
  ['Join(",", SelectUniqueValue("a", "b"))', 'CS3005 at 1:29: SelectUniqueValue must be the whole expression'],
  ['ImportedValue([x])', 'CS3005 at 1:15: ImportedValue names an attribute between quotes', 'connect'],
  ['Left([x], "three")', 'CS3006 at 1:11: Left: "length" takes a number, and "three" is none'],
  ['Left([x], IsPresent([y]))', 'CS3006 at 1:11: Left: "length" takes a number, and the boolean given is none'],
  [
    'BitAnd(Left([x], 2), 1)',
    'CS3006 at 1:8: BitAnd: "value1" takes a number, and a text is given: convert it with CNum',
    'connect',
  ],
  ['Left(CGuid([x]), 2)', 'CS3006 at 1:6: Left: "string" takes a text, and the bytes given is none', 'connect'],
  ['IIF("odd", 1, 2)', 'CS3006 at 1:5: IIF: "condition" takes a condition, and "odd" is none'],
  ['DateAdd("d", 1, "soon")', 'CS3006 at 1:17: DateAdd: "dateTime" takes a date, and "soon" is none'],
  ['CDate(True)', 'CS3006 at 1:7: CDate: "expression" takes a date, and true is none'],
  ['"a" + 1', 'CS3006 at 1:5: + takes a number, and "a" is none', 'connect'],
  ['IIF([x] = Tru, 1, 2)', 'CS3007 at 1:11: the word "Tru" means nothing here; did you mean "True"?'],
  [
    'InStr([x], "a", 1, vbTextCompar)',
    'CS3007 at 1:20: the word "vbTextCompar" means nothing here; did you mean "vbTextCompare"?',
  ],
  ['department', 'CS3007 at 1:1: the word "department" means nothing here'],
  ['Trim([departmnet])', 'CS3008 at 1:6: Active Directory has no attribute "departmnet"; did you mean "department"?'],
  ['$item', 'CS3009 at 1:1: there is no variable $item.', 'connect'],
  ['Where($item, [x], $itm = 1)', 'CS3009 at 1:19: there is no variable $itm; did you mean "$item"?', 'connect'],
  ['%Domain.FQDM%', 'CS3009 at 1:1: there is no parameter %Domain.FQDM%; did you mean "%Domain.FQDN%"?'],
  ['Replace([x], , "(?=a)", , "", , )', 'CS3010 at 1:16: the regular expression (?=a) cannot be used: look-around'],
  ['Replace([x], , "(a)\\\\1", , "", , )', 'back-references cannot be matched in linear time'],
  ['Replace([x], , "(a", , "", , )', 'CS3010 at 1:16: the regular expression (a cannot be used: missing closing )'],
];

const known = {
  attributes: knownAttributes(['department', 'employeeID', 'x', 'y'], false),
  parameters: ['Domain.FQDN', 'Domain.Netbios'],
};

test.for(refusals)('refuses %s', ([expression, says, dialect = 'provisioning']) => {
  let said = 'nothing';
  try {
    compileExpression(expression, dialect, known);
  } catch (error) {
    said = error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : String(error);
  }
  expect(said).toContain(says);
});

test('takes names in any case and spells attributes as the directory does', () => {
  const expression = compileExpression('trim([EmployeeId]) & [EMPLOYEEID] & [customThing]', 'provisioning', known);
  expect(expression.attributes).toEqual(['employeeID', 'customThing']);
  expect(
    expression.evaluate({
      attribute: (name) => (name === 'employeeID' ? '7' : null),
      imported: () => null,
      parameter: () => undefined,
      taken: () => false,
      now: () => new Date(0),
      random: () => 0,
    }),
  ).toMatchObject({ value: '77' });
});

test('knows every attribute for certain when given a schema', () => {
  const schema = { attributes: knownAttributes(['department'], true) };
  expect(() => compileExpression('[customThing]', 'provisioning', schema)).toThrow('no attribute "customThing"');
});

test('shows the right form as the remedy', () => {
  expect(() => compileExpression('Mid([x])')).toThrow(
    expect.objectContaining({ remedy: 'Write it as Mid(source, start [, length]).' }),
  );
});
