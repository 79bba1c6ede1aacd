import { type ClassDeclaration, type Constructor, type Expression, type Pattern, parseSync } from '@swc/core';

type Texts = ReadonlyMap<string, string>;

/** What a remedy that is handed on from elsewhere is told as. */
const handedOnRemedy = 'As the error says.';

/**
 * The remedy of each error class of a file as its constructor writes it: what differs from case to case is named in
 * braces, and of alternatives all are given.
 */
export function remedies(source: string): (className: string) => string {
  const classes = new Map<string, ClassDeclaration>();
  const constants = new Map<string, string>();
  for (const item of parseSync(source, { syntax: 'typescript' }).body) {
    const declared = item.type === 'ExportDeclaration' ? item.declaration : item;
    if (declared.type === 'ClassDeclaration') classes.set(declared.identifier.value, declared);
    if (declared.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declared.declarations)
      if (id.type === 'Identifier' && init?.type === 'StringLiteral') constants.set(id.value, init.value);
  }
  const remedyOf = (className: string, given: readonly (string | undefined)[]): string => {
    const declared = classes.get(className);
    if (declared === undefined) throw new Error(`the source of ${className} is not there`);
    const parent = declared.superClass?.type === 'Identifier' ? declared.superClass.value : '';
    const made = declared.body.find((member) => member.type === 'Constructor');
    if (made === undefined) return remedyOf(parent, given);
    const texts = new Map([...constants, ...textsOf(made, given)]);
    const handedOn = superArguments(made);
    const [first] = handedOn;
    if (first?.type !== 'ObjectExpression')
      return remedyOf(
        parent,
        handedOn.map((one) => textOf(one, texts)),
      );
    for (const property of first.properties) {
      if (property.type === 'Identifier' && property.value === 'remedy') return textOf(property, texts);
      if (property.type === 'KeyValueProperty' && 'value' in property.key && property.key.value === 'remedy')
        return textOf(property.value, texts);
    }
    throw new Error(`${className} says no remedy`);
  };
  return (className) => remedyOf(className, []);
}

/** What the parameters of a constructor stand for: what is given, else the default. */
function textsOf({ params }: Constructor, given: readonly (string | undefined)[]): Texts {
  const texts = new Map<string, string>();
  params.forEach((parameter, i) => {
    const pattern: Pattern = parameter.type === 'Parameter' ? parameter.pat : parameter.param;
    const [name, otherwise] =
      pattern.type === 'AssignmentPattern' ? [pattern.left, pattern.right] : [pattern, undefined];
    const text = given[i] ?? (otherwise === undefined ? undefined : textOf(otherwise, texts));
    if (name.type === 'Identifier' && text !== undefined) texts.set(name.value, text);
  });
  return texts;
}

function superArguments({ body }: Constructor): readonly Expression[] {
  for (const statement of body?.stmts ?? []) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') continue;
    const { callee, arguments: handedOn } = statement.expression;
    if (callee.type === 'Super') return handedOn.map(({ expression }) => expression);
  }
  return [];
}

/** An expression as a reader would fill it in. */
function textOf(expression: Expression, texts: Texts): string {
  switch (expression.type) {
    case 'StringLiteral':
      return expression.value;
    case 'TemplateLiteral':
      return expression.quasis
        .map(({ cooked }, i) => {
          const filled = expression.expressions[i];
          return `${cooked ?? ''}${filled === undefined ? '' : textOf(filled as Expression, texts)}`;
        })
        .join('');
    case 'Identifier':
      return texts.get(expression.value) ?? placeholder(expression.value);
    case 'ConditionalExpression':
      return eitherOf(textOf(expression.consequent, texts), textOf(expression.alternate, texts));
    case 'BinaryExpression':
      return eitherOf(textOf(expression.left, texts), textOf(expression.right, texts));
    case 'ParenthesisExpression':
      return textOf(expression.expression, texts);
    default:
      return placeholder(nameOf(expression));
  }
}

function eitherOf(one: string, other: string): string {
  const said = [one, other].filter((text) => text !== '');
  return said.join(said.every((text) => text.endsWith('.')) ? ' Or: ' : ' or ');
}

const placeholder = (name: string): string => (name === 'remedy' ? handedOnRemedy : `{${name}}`);

/** What a value that is worked out is called: `known.join(', ')` is `known`. */
function nameOf(expression: Expression): string {
  switch (expression.type) {
    case 'Identifier':
      return expression.value;
    case 'CallExpression':
      return expression.callee.type === 'MemberExpression' ? nameOf(expression.callee.object) : '…';
    case 'MemberExpression':
      return expression.property.type === 'Identifier' ? expression.property.value : nameOf(expression.object);
    case 'OptionalChainingExpression':
      return 'object' in expression.base ? nameOf(expression.base) : '…';
    default:
      return '…';
  }
}
