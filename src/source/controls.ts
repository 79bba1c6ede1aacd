import { type BerWriter, Control } from 'ldapts';

/** A control that is only its name. */
class NamedControl extends Control {
  constructor(type: string) {
    super(type, { critical: true });
  }
}

/** LDAP_SERVER_EXTENDED_DN_OID with readable GUIDs and SIDs: SEQUENCE { INTEGER 1 }. */
class ExtendedDnControl extends Control {
  constructor() {
    super('1.2.840.113556.1.4.529', { critical: true });
  }

  protected override writeControl(writer: BerWriter): void {
    writer.writeBuffer(Buffer.from([0x30, 0x03, 0x02, 0x01, 0x01]), 0x04);
  }
}

/** DNs carry GUID and SID, so that references survive renames. */
export const extendedDn = (): Control => new ExtendedDnControl();
/** Tombstones and recycled objects are shown. */
export const showDeleted = (): Control => new NamedControl('1.2.840.113556.1.4.417');
/** No continuation references to other naming contexts: any that come mean that something is missing. */
export const domainScope = (): Control => new NamedControl('1.2.840.113556.1.4.1339');
