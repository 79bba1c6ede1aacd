import type { FunctionDefinition } from './definition.ts';

/** `Mid(source, start [, length])`, as errors and the documentation show it. */
export function signature({ name, parameters }: Pick<FunctionDefinition, 'name' | 'parameters'>): string {
  let text = '';
  for (const [i, parameter] of parameters.entries()) {
    const shown = (parameter.takes === 'variable' ? '$' : '') + parameter.name + (parameter.repeated ? ', ...' : '');
    const comma = i === 0 ? '' : ', ';
    text += parameter.optional ? `${i === 0 ? '' : ' '}[${comma}${shown}]` : comma + shown;
  }
  return `${name}(${text})`;
}
