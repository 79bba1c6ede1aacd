import { type Node, placeAt, type Step } from './ast.ts';
import type { KnownAttributes } from './attribute-names.ts';
import { type Argument, type Call, type Dialect, dialects, type FunctionDefinition, type Kind } from './definition.ts';
import {
  ExpressionSyntaxError,
  OtherDialectError,
  PatternRefusedError,
  UnknownAttributeError,
  UnknownFunctionError,
  UnknownVariableError,
  UnknownWordError,
  WrongArgumentsError,
  WrongTypeError,
} from './errors.ts';
import { unfit } from './fits.ts';
import { functionNamed, functionNames } from './functions/index.ts';
import { nearestName } from './nearest.ts';
import { chain } from './operators.ts';
import { type Evaluate, FlowEnded } from './scope.ts';
import { signature } from './signature.ts';
import { authoritativeNull, ignored, Mismatch, type Result, type Signal } from './value.ts';

/** What names in an expression may stand for; without it every name is taken as right. */
export interface Known {
  readonly attributes?: KnownAttributes | undefined;
  /** The parameters there are, without percent signs. */
  readonly parameters?: readonly string[] | undefined;
}

const constants: ReadonlyMap<string, Result> = new Map<string, Result>([
  ['True', true],
  ['False', false],
  ['NULL', null],
  ['CRLF', '\r\n'],
  ['IgnoreThisFlow', ignored],
  ['AuthoritativeNull', authoritativeNull],
]);

const logical: ReadonlySet<string> = new Set(['&&', '||']);
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*']);

/** Checks an expression's tree and turns it into one function, closures all the way down. */
export class Compiler {
  readonly attributes = new Map<string, string>();
  readonly uses = new Set<'clock' | 'randomness' | 'uniqueness'>();
  redacts = false;
  parameters = false;
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #known: Known;
  #variables: readonly { readonly name: string; readonly slot: number }[] = [];
  #slots = 0;

  constructor(text: string, dialect: Dialect, known: Known) {
    this.#text = text;
    this.#dialect = dialect;
    this.#known = known;
  }

  /** `last`: the node's value is the flow's. */
  compile(node: Node, last: boolean): Argument {
    switch (node.type) {
      case 'constant':
        return constantOf(node, node.value, typeof node.value === 'string' ? 'text' : 'number');
      case 'attribute': {
        const name = this.#attribute(node);
        return { node, kind: 'any', constant: undefined, evaluate: (scope) => scope.input.attribute(name) };
      }
      case 'parameter':
        return { node, kind: 'text', constant: undefined, evaluate: this.#parameter(node) };
      case 'variable': {
        const slot = this.#variable(node);
        return { node, kind: 'any', constant: undefined, evaluate: (scope) => scope.variable(slot) };
      }
      case 'word':
        return this.#word(node, last);
      case 'group':
        return { ...this.compile(node.inner, last), node };
      case 'chain':
        return this.#chain(node);
      case 'call':
        return this.#call(node, last);
      default:
        return node satisfies never;
    }
  }

  #place(at: number) {
    return placeAt(this.#text, at);
  }

  #attribute({ name, at }: { readonly name: string; readonly at: number }): string {
    const known = this.#known.attributes;
    const spelled = known?.spelled(name);
    if (known !== undefined && spelled === undefined) {
      const near = known.nearest(name);
      if (known.complete || near !== undefined) throw new UnknownAttributeError(this.#place(at), name, near);
    }
    const first = this.attributes.get(name.toLowerCase()) ?? spelled ?? name;
    this.attributes.set(name.toLowerCase(), first);
    return first;
  }

  #parameter({ name, at }: { readonly name: string; readonly at: number }): Evaluate {
    const known = this.#known.parameters;
    if (known !== undefined && !known.some((one) => one.toLowerCase() === name.toLowerCase())) {
      const near = nearestName(name, known);
      const show = (one: string): string => `%${one}%`;
      throw new UnknownVariableError(
        this.#place(at),
        `parameter ${show(name)}`,
        known.map(show),
        near === undefined ? undefined : show(near),
      );
    }
    this.parameters = true;
    return (scope) => {
      const value = scope.input.parameter(name);
      if (value === undefined) throw new Mismatch(`there is no parameter %${name}%`);
      return value;
    };
  }

  #variable({ name, at }: { readonly name: string; readonly at: number }): number {
    const found = this.#variables.find((variable) => variable.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found.slot;
    const names = this.#variables.map((variable) => `$${variable.name}`);
    throw new UnknownVariableError(this.#place(at), `variable $${name}`, names, nearestName(`$${name}`, names));
  }

  #word(node: Extract<Node, { readonly type: 'word' }>, last: boolean): Argument {
    for (const [name, value] of constants) {
      if (name.toLowerCase() !== node.name.toLowerCase()) continue;
      if (typeof value === 'symbol')
        return { node, kind: 'any', constant: undefined, evaluate: signalled(value, last) };
      return constantOf(node, value, value === null ? 'null' : typeof value === 'boolean' ? 'boolean' : 'text');
    }
    const call = functionNamed(node.name);
    if (call.length > 0) {
      throw new ExpressionSyntaxError(this.#place(node.at), `${node.name} is a function: parentheses must follow`);
    }
    const known = [...constants.keys()];
    throw new UnknownWordError(this.#place(node.at), node.name, known, nearestName(node.name, known));
  }

  #chain({ first, steps, at }: Extract<Node, { readonly type: 'chain' }>): Argument {
    this.#checkOrder(steps);
    const start = this.compile(first, false);
    const compiled = steps.map(({ operator, operand, at }) => {
      if (arithmetic.has(operator) && this.#dialect !== 'connect') {
        throw new OtherDialectError(this.#place(at), `the operator ${operator}`, 'connect', undefined);
      }
      return { operator, at, argument: this.compile(operand, false) };
    });
    let left = start;
    for (const { operator, at, argument } of compiled) {
      for (const side of [left, argument]) {
        const reason =
          operator === '&'
            ? unfit(side, 'text', this.#dialect)
            : arithmetic.has(operator)
              ? unfit(side, 'number', this.#dialect)
              : logical.has(operator)
                ? unfit(side, 'condition', this.#dialect)
                : undefined;
        if (reason !== undefined) {
          throw new WrongTypeError(
            this.#place(at),
            `${operator} ${reason}`,
            'Convert the value, or use another operator.',
          );
        }
      }
      left = {
        ...left,
        constant: undefined,
        kind: operator === '&' ? 'text' : arithmetic.has(operator) ? 'number' : 'boolean',
      };
    }
    return {
      node: { ...first, at },
      kind: left.kind,
      constant: undefined,
      evaluate: chain(
        start.evaluate,
        compiled.map(({ operator, at, argument }) => ({ operator, at, operand: argument.evaluate })),
      ),
    };
  }

  /** `&&` and `||` have one priority: what mixes them reads in two ways, and is refused rather than guessed at. */
  #checkOrder([first, ...others]: readonly Step[]): void {
    const other = others.find(({ operator }) => logical.has(operator) && operator !== first?.operator);
    if (other === undefined || first === undefined) return;
    throw new ExpressionSyntaxError(
      this.#place(other.at),
      `${first.operator} and ${other.operator} run from left to right alike: put parentheses around what belongs together`,
    );
  }

  #call(node: Extract<Node, { readonly type: 'call' }>, last: boolean): Argument {
    const definition = this.#definition(node);
    const { parameters, uses, gives } = definition;
    const refuse = (at: number, reason: string): never => {
      throw new WrongArgumentsError(this.#place(at), signature(definition), reason);
    };
    this.#checkCount(node, definition, refuse);
    if (uses !== undefined) this.uses.add(uses);
    if (definition.name === 'Redact') this.redacts = true;
    if (definition.name === 'DefaultDomain') this.parameters = true;
    const before = this.#variables;
    let slot = -1;
    const list = node.arguments.map((argument, i): Argument | undefined => {
      const parameter = parameters[Math.min(i, parameters.length - 1)];
      if (parameter === undefined || argument === undefined) return undefined;
      if (parameter.takes === 'variable') {
        if (argument.type !== 'variable')
          return refuse(argument.at, `${definition.name} names a variable first, as in $item`);
        slot = this.#slots++;
        return constantOf(argument, null, 'any');
      }
      if (slot >= 0 && i === node.arguments.length - 1) {
        const [variable] = node.arguments;
        if (variable?.type === 'variable') this.#variables = [{ name: variable.name, slot }, ...before];
      }
      const word =
        argument.type === 'word'
          ? parameter.words.find((w) => w.toLowerCase() === argument.name.toLowerCase())
          : undefined;
      if (word !== undefined) return constantOf(argument, word, 'text');
      if (parameter.takes === 'word' && argument.type === 'word') {
        throw new UnknownWordError(
          this.#place(argument.at),
          argument.name,
          parameter.words,
          nearestName(argument.name, parameter.words),
        );
      }
      const compiled = this.compile(argument, last && parameter.passes);
      const reason = unfit(compiled, parameter.takes, this.#dialect);
      if (reason !== undefined) {
        throw new WrongTypeError(
          this.#place(argument.at),
          `${definition.name}: "${parameter.name}" ${reason}`,
          `Write it as ${signature(definition)}.`,
        );
      }
      const wrong = compiled.constant === undefined ? undefined : parameter.check?.(compiled.constant.value);
      if (wrong !== undefined) refuse(argument.at, `${definition.name}: "${parameter.name}" ${wrong}`);
      return compiled;
    });
    this.#variables = before;
    const call: Call = {
      arguments: list,
      at: node.at,
      dialect: this.#dialect,
      slot,
      last,
      attribute: (name) => this.#attribute({ name, at: node.at }),
      refuse: (i, reason) => refuse(node.arguments[i]?.at ?? node.at, reason),
      refusePattern: (i, pattern, reason) => {
        throw new PatternRefusedError(this.#place(node.arguments[i]?.at ?? node.at), pattern, reason);
      },
    };
    return { node, kind: gives, constant: undefined, evaluate: definition.bind(call) };
  }

  #definition({ name, at }: { readonly name: string; readonly at: number }): FunctionDefinition {
    const found = functionNamed(name);
    const fitting = found.find((one) => one.dialects.includes(this.#dialect));
    if (fitting !== undefined) return fitting;
    const [other] = found;
    const names = functionNames(this.#dialect);
    if (other !== undefined) {
      throw new OtherDialectError(
        this.#place(at),
        `the function ${other.name}`,
        dialects.find((dialect) => dialect !== this.#dialect) ?? '',
        counterparts.get(other.name),
      );
    }
    throw new UnknownFunctionError(this.#place(at), name, nearestName(name, names));
  }

  #checkCount(
    { arguments: list, at }: Extract<Node, { readonly type: 'call' }>,
    { name, parameters }: FunctionDefinition,
    refuse: (at: number, reason: string) => never,
  ): void {
    const most = parameters.at(-1)?.repeated === true ? Number.POSITIVE_INFINITY : parameters.length;
    // An empty last argument says nothing: Microsoft's own examples end in commas.
    const given = list.length > most && list.slice(most).every((one) => one === undefined) ? most : list.length;
    if (given > most) refuse(at, `${name} takes ${count(most)}, and ${list.length} are given`);
    for (const [i, parameter] of parameters.entries()) {
      if (!parameter.optional && list[i] === undefined) refuse(at, `${name} lacks its argument "${parameter.name}"`);
    }
  }
}

/** What does the same in the other dialect. */
const counterparts: ReadonlyMap<string, string> = new Map([
  ['LCase', 'ToLower'],
  ['UCase', 'ToUpper'],
  ['ToLower', 'LCase'],
  ['ToUpper', 'UCase'],
  ['Append', 'the operator &'],
  ['LTrim', 'Trim'],
  ['RTrim', 'Trim'],
  ['Not', '= False'],
  ['ItemOrNull', 'Item'],
]);

function count(n: number): string {
  return n === 0 ? 'no argument' : n === 1 ? 'one argument' : `${n} arguments`;
}

function constantOf(node: Node, value: Exclude<Result, Signal>, kind: Kind): Argument {
  return { node, kind, constant: { value }, evaluate: () => value };
}

function signalled(signal: Signal, last: boolean): Evaluate {
  return last
    ? () => signal
    : () => {
        throw new FlowEnded(signal);
      };
}
