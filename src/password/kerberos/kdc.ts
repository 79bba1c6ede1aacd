import { type Framing, MessageSocket } from '../bytes/message-socket.ts';
import { MalformedAnswerError } from '../errors.ts';

const kdcPort = 88;
/** A ticket with the groups of a large account is some tens of kilobytes. */
const maxAnswer = 2 ** 20;

/** One question to the KDC of a domain controller, over TCP (RFC 4120 7.2.2). */
export async function askKdc(server: string, question: Uint8Array, signal: AbortSignal): Promise<Buffer> {
  using socket = await MessageSocket.connect(server, kdcPort, signal);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(question.length);
  socket.send(Buffer.concat([length, question]));
  return (await socket.receive(framing(server), signal)).subarray(4);
}

function framing(server: string): Framing {
  return {
    headLength: 4,
    lengthOf(head) {
      const length = head.readUInt32BE();
      if (length > maxAnswer) throw new MalformedAnswerError(server, `Kerberos announces ${length} bytes`);
      return 4 + length;
    },
  };
}
