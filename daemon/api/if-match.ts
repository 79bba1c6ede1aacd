import { IfMatchMissingError, InvalidRequestError } from './errors.ts';

const tag = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const list = new RegExp(`^(?:${tag}[ \\t]*)?(?:,[ \\t]*(?:${tag}[ \\t]*)?)*$`);

/** Whether an entity with this tag is one that an If-Match header asks for (RFC 9110, 13.1.1): a weak tag matches none. */
export function matcherOf(header: string | undefined): (tag: string) => boolean {
  if (header === undefined) throw new IfMatchMissingError();
  if (header === '*') return () => true;
  const tags: readonly string[] = header.match(new RegExp(tag, 'g')) ?? [];
  if (tags.length === 0 || !list.test(header)) {
    throw new InvalidRequestError('header.If-Match', 'it is not * and not a list of entity tags, each in quotes');
  }
  return (own) => tags.includes(`"${own}"`);
}
