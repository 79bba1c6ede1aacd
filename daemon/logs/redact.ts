/** What takes a secret's place. */
export const masked = '***';

/** Names of fields whose value is a secret, in AD, in OAuth and in our own configuration. */
const secretName =
  /password|passwd|pwd|secret|token|authorization|cookie|assertion|private.?key|passphrase|nt.?hash|lm.?hash|supplementalCredentials|trustAuth/i;
/** Names that contain such a word and stand for something harmless. */
const harmlessName = /([Ff]ile|[Pp]ath|[Ee]nv|[Cc]ode|[Ll]ast[Ss]et|[Cc]ount|[Tt]ype|[Ll]ost|At)$/;

/** Secrets by their form, wherever in a text they stand. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, masked],
  // A JSON Web Token: access tokens, client assertions.
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(\.[\w-]*)?/g, masked],
  [/\b(Bearer|Basic|Digest|Negotiate)\s+[\w.~+/=-]{8,}/gi, `$1 ${masked}`],
  [
    /\b((?:client_secret|client_assertion|password|refresh_token|access_token|id_token|code)=)[^&\s"']+/gi,
    `$1${masked}`,
  ],
  [/("[^"]*(?:password|secret|token|assertion)[^"]*"\s*:\s*")(?:[^"\\]|\\.)*/gi, `$1${masked}`],
  // The password of a URL.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^:@/\s]+:)[^@/\s]+@/gi, `$1${masked}@`],
];

/** Shorter ones would mask ordinary words. */
const shortestLiteral = 4;
/** In an answer programs read what stands there: a shorter one could be a part of a time, a digest or a state. */
const shortestInAnswers = 8;

/** Takes secrets out of what is about to be written down: by the field's name, by form, and those it was told. */
export class Redactor {
  readonly #literals = new Set<string>();

  /** A secret of this process, masked wherever it stands from now on. */
  know(secret: string): void {
    if (secret.length < shortestLiteral) return;
    this.#literals.add(secret);
    // As it stands inside JSON.
    this.#literals.add(JSON.stringify(secret).slice(1, -1));
    // A secret that is part of another must not leave the other's rest.
    const longestFirst = [...this.#literals].sort((a, b) => b.length - a.length);
    this.#literals.clear();
    for (const literal of longestFirst) this.#literals.add(literal);
  }

  /** Whether a secret of this process stands in it. */
  holds(text: string): boolean {
    return this.#inAnswers().some((literal) => text.includes(literal));
  }

  /** The JSON of an answer without the secrets of this process, which somebody may have written into what it shows. */
  json(value: unknown): string {
    const text = JSON.stringify(value);
    return this.holds(text) ? JSON.stringify(this.#answered(JSON.parse(text))) : text;
  }

  #inAnswers(): readonly string[] {
    return [...this.#literals].filter(({ length }) => length >= shortestInAnswers);
  }

  #answered(value: unknown): unknown {
    if (typeof value === 'string') {
      return this.#inAnswers().reduce((text, literal) => text.replaceAll(literal, masked), value);
    }
    if (Array.isArray(value)) return value.map((one) => this.#answered(one));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, one]) => [this.#answered(name), this.#answered(one)]);
    return Object.fromEntries(entries);
  }

  text(text: string): string {
    let clean = text;
    for (const literal of this.#literals) clean = clean.replaceAll(literal, masked);
    for (const [form, replacement] of forms) clean = clean.replace(form, replacement);
    return clean;
  }

  /** A copy of the value as JSON can hold it, without its secrets. */
  value(value: unknown, name = ''): unknown {
    if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') return value;
    if (secretName.test(name) && !harmlessName.test(name)) return masked;
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return value.toString();
    if (value instanceof Date) return value.toISOString();
    if (value instanceof Uint8Array) return `${value.length} bytes`;
    if (value instanceof Error) return this.text(`${value.name}: ${value.message}`);
    if (Array.isArray(value)) return value.map((one) => this.value(one));
    if (typeof value === 'object') return this.fields(value);
    return undefined;
  }

  fields(fields: object): Record<string, unknown> {
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, this.value(value, name)]));
  }
}
