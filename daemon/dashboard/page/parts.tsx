import type { ComponentChildren } from 'preact';
import type { ErrorReport } from './answers.ts';
import type { ProblemError } from './api.ts';
import { ago, moment, shown, words } from './words.ts';

const moods: Readonly<Record<string, 'good' | 'bad' | 'waiting'>> = {
  ...Object.fromEntries(
    ['healthy', 'succeeded', 'synced', 'done', 'success', 'online'].map((state) => [state, 'good']),
  ),
  ...Object.fromEntries(
    ['failed', 'failing', 'quarantined', 'failure', 'error', 'offline'].map((state) => [state, 'bad']),
  ),
  ...Object.fromEntries(
    ['held', 'running', 'pending', 'warn', 'unknown', 'suspended'].map((state) => [state, 'waiting']),
  ),
};

/** A state as a word; the color says nothing the word does not. */
export function State({ of }: { readonly of: string }) {
  return <span class={`state ${moods[of] ?? ''}`}>{words(of)}</span>;
}

export function When({ at }: { readonly at: string | null }) {
  if (at === null) return <>never</>;
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at)}
    </time>
  );
}

/** What went wrong, and what to do about it. */
export function Trouble({ error }: { readonly error: ErrorReport | null }) {
  if (error === null) return null;
  return (
    <div class="trouble">
      <p>
        <strong>{error.message}</strong> <code>{error.code}</code>
      </p>
      <p>{error.remedy}</p>
    </div>
  );
}

export function Refused({ error }: { readonly error: ProblemError | undefined }) {
  if (error === undefined) return null;
  const { code, detail, remedy } = error.problem;
  return (
    <div class="trouble" role="alert">
      <p>
        <strong>{detail}</strong> <code>{code}</code>
      </p>
      <p>{remedy}</p>
    </div>
  );
}

/** Names and what they stand for. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A table that scrolls sideways by itself, by keyboard as well. */
export function Table(props: {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="table" aria-label={props.caption} tabIndex={0}>
      <table class={props.class ?? ''}>
        <Heads of={props.heads} />
        <tbody>{props.children}</tbody>
      </table>
    </section>
  );
}

function Heads({ of }: { readonly of: readonly string[] }) {
  return (
    <thead>
      <tr>
        {of.map((head) => (
          <th key={head} scope="col">
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface Change {
  readonly attribute: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Attribute by attribute, what is there and what would be. */
export function Diff({ of, changes }: { readonly of: string; readonly changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <table class="diff" aria-label={`Changes of ${of}`}>
      <Heads of={['Attribute', 'Before', 'After']} />
      <tbody>
        {changes.map(({ attribute, before, after }) => (
          <tr key={attribute}>
            <th scope="row">{attribute}</th>
            <td>{shown(before) === '' ? <span class="none">none</span> : <del>{shown(before)}</del>}</td>
            <td>{shown(after) === '' ? <span class="none">none</span> : <ins>{shown(after)}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What narrows a list down. */
export function Filters(props: {
  readonly of: string;
  readonly onSearch?: (given: FormData) => void;
  readonly children: ComponentChildren;
}) {
  return (
    <search aria-label={props.of}>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          props.onSearch?.(new FormData(event.currentTarget));
        }}
      >
        {props.children}
      </form>
    </search>
  );
}

/** One of some words, or any. */
export function Choice(props: {
  readonly label: string;
  readonly any: string;
  /** Each with what it is called on the page. */
  readonly values: readonly (readonly [value: string, called: string])[];
  readonly chosen: string | undefined;
  readonly onChoose: (value: string) => void;
}) {
  return (
    <label>
      {props.label}
      <select value={props.chosen ?? ''} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        <option value="">{props.any}</option>
        {props.values.map(([value, called]) => (
          <option key={value} value={value}>
            {called}
          </option>
        ))}
      </select>
    </label>
  );
}

export function More({ more, what }: { readonly more: (() => void) | undefined; readonly what: string }) {
  if (more === undefined) return null;
  return (
    <button type="button" class="secondary" onClick={more}>
      Show more {what}
    </button>
  );
}
