/** What became of one thing in a configuration that was brought along. */
export interface ImportedItem {
  /** `translated`: it is in the document. `covered`: the defaults do it anyway. `partly`: see the detail. */
  readonly outcome: 'translated' | 'covered' | 'partly' | 'notTranslated';
  /** Where it was: `rule "In from AD - User Sales"`, `partition DC=corp,DC=contoso,DC=com`. */
  readonly item: string;
  readonly detail: string;
}

/** A document of ours made of another product's configuration. */
export interface ImportedConfiguration {
  /** As an admin would write it: to be completed, checked and kept as YAML or JSON. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly report: readonly ImportedItem[];
}

export class ImportReport {
  readonly items: ImportedItem[] = [];

  translated(item: string, detail: string): void {
    this.items.push({ outcome: 'translated', item, detail });
  }

  covered(item: string, detail: string): void {
    this.items.push({ outcome: 'covered', item, detail });
  }

  partly(item: string, detail: string): void {
    this.items.push({ outcome: 'partly', item, detail });
  }

  not(item: string, detail: string): void {
    this.items.push({ outcome: 'notTranslated', item, detail });
  }
}
