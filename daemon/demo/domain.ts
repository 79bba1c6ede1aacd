import { type Dn, domainDn } from '../../src/model/index.ts';
import { type Attributes, child, type Entry, guidOf, sidOf } from './entry.ts';

/** A domain of the sample forest while it is being filled: hands out SIDs and keeps the entries in order. */
export class Domain {
  readonly fqdn: string;
  readonly root: Dn;
  readonly entries: Entry[] = [];
  readonly #sid: readonly [number, number, number];
  #rid = 1104;
  #usn = 12_000;

  constructor(fqdn: string, sid: readonly [number, number, number]) {
    this.fqdn = fqdn;
    this.root = domainDn(fqdn);
    this.#sid = sid;
    const [label = ''] = fqdn.split('.');
    this.#add(this.root, { objectClass: ['top', 'domain', 'domainDNS'], dc: label, objectSid: this.#domainSid() });
  }

  organizationalUnit(name: string, parent: Dn = this.root): Dn {
    return this.#add(child('OU', name, parent), { objectClass: ['top', 'organizationalUnit'], ou: name });
  }

  container(name: string, parent: Dn = this.root): Dn {
    return this.#add(child('CN', name, parent), {
      objectClass: ['top', 'container'],
      cn: name,
      isCriticalSystemObject: 'TRUE',
    });
  }

  /** A security principal: `rid` for the well-known ones, else the next. */
  principal(kind: 'user' | 'group', name: string, parent: Dn, attributes: Attributes, rid = this.#rid++): Dn {
    const objectClass = kind === 'user' ? ['top', 'person', 'organizationalPerson', 'user'] : ['top', 'group'];
    return this.#add(child('CN', name, parent), {
      objectClass,
      cn: name,
      objectSid: sidOf(this.#sid, rid),
      ...attributes,
    });
  }

  contact(name: string, parent: Dn, attributes: Attributes): Dn {
    const objectClass = ['top', 'person', 'organizationalPerson', 'contact'];
    return this.#add(child('CN', name, parent), { objectClass, cn: name, ...attributes });
  }

  #add(dn: Dn, { objectClass, ...attributes }: Attributes): Dn {
    this.#usn += 1;
    this.entries.push({
      dn,
      attributes: { objectClass, ...attributes, objectGUID: guidOf(dn), uSNChanged: String(this.#usn) },
    });
    return dn;
  }

  #domainSid(): Uint8Array {
    const sid = sidOf(this.#sid, 0).slice(0, -4);
    sid[1] = 4;
    return sid;
  }
}
