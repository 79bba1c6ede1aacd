import { objectGuidToBytes, parseSourceAnchor, sourceAnchorFromBytes } from '../model/index.ts';
import { isLinkedMailbox } from './order.ts';
import type { AnchorDecision, SourceView } from './rules.ts';

/** The source anchor: `mS-DS-ConsistencyGuid` where it is set, else `objectGUID`. */
export function anchor(view: SourceView): AnchorDecision {
  if (isLinkedMailbox(view)) {
    return {
      anchor: undefined,
      reason: {
        code: 'linkedMailbox',
        text: 'It is a linked mailbox: its account is in another forest, and gives the anchor.',
        attribute: 'msExchRecipientTypeDetails',
      },
    };
  }
  const [value] = view.attributes['mS-DS-ConsistencyGuid'] ?? [];
  if (value === undefined) {
    const fromGuid = sourceAnchorFromBytes(objectGuidToBytes(view.guid));
    if (fromGuid !== undefined) return { anchor: fromGuid, from: 'objectGUID' };
  }
  const own = value instanceof Uint8Array ? sourceAnchorFromBytes(value) : parseSourceAnchor(value ?? '');
  if (own !== undefined) return { anchor: own, from: 'mS-DS-ConsistencyGuid' };
  return {
    anchor: undefined,
    reason: {
      code: 'invalidAnchor',
      text: 'Its mS-DS-ConsistencyGuid is not 16 bytes long.',
      attribute: 'mS-DS-ConsistencyGuid',
    },
  };
}
