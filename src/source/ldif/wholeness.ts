import { IncompleteReadError } from '../errors.ts';

/** What an admin does about a file that is not whole. */
const remedy =
  'Nothing is deleted because of it. Export the file again and let it come to its end; a file made by hand has no comments of a tool, and an empty line after its last record.';

/** An entry's number and the count at the end, as the tools write them into comments. */
const ofLdapsearch = /^# (?:extended LDIF|LDAPv\d)$/;
const countOfLdapsearch = /^# numEntries: (\d+)$/;
const ofLdbsearch = /^# record \d+$/;
const countOfLdbsearch = /^# returned (\d+) records$/;
const longestOfThese = 80;

/**
 * What proves that a file holds the whole of an export. ldapsearch (unless told to leave comments out) and ldbsearch count
 * what they wrote at its end: it must be there and be true. ldifde, `ldapsearch -LLL` and people write no count: there the
 * empty line that ends a record must follow the last one too.
 */
export class Wholeness {
  readonly #file: string;
  #entries = 0;
  #references = 0;
  #writer: 'ldapsearch' | 'ldbsearch' | undefined;
  /** What counts have said so far, all together: several exports may be put into one file. */
  #counted: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  comment(bytes: Buffer): void {
    if (bytes.length > longestOfThese) return;
    const text = bytes.toString('latin1');
    if (ofLdapsearch.test(text)) this.#writer = 'ldapsearch';
    else if (ofLdbsearch.test(text)) this.#writer = 'ldbsearch';
    const [, count] = countOfLdapsearch.exec(text) ?? countOfLdbsearch.exec(text) ?? [];
    if (count !== undefined) this.#counted = (this.#counted ?? 0) + Number(count);
  }

  entry(): void {
    this.#entries += 1;
  }

  /** Where to look for more, which ldbsearch counts as a record. */
  reference(): void {
    this.#references += 1;
  }

  /** The file ended before the line did. */
  cut(line: number): never {
    throw this.#incomplete(`it ends in the middle of line ${line}`);
  }

  /** The file has ended: `open` is where the record began that no empty line has ended. */
  finish(open: number | undefined): void {
    const writer = this.#writer;
    if (writer === undefined) {
      if (open !== undefined)
        throw this.#incomplete(`no empty line ends its last record, which begins in line ${open}`);
      return;
    }
    if (this.#counted === undefined) throw this.#incomplete(`it lacks the count that ${writer} ends with`);
    const there = this.#entries + (writer === 'ldbsearch' ? this.#references : 0);
    if (there !== this.#counted)
      throw this.#incomplete(`${writer} counted ${this.#counted} records in it, and there are ${there}`);
  }

  #incomplete(reason: string): IncompleteReadError {
    return new IncompleteReadError(this.#file, reason, remedy);
  }
}
