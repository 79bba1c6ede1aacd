import { MessageSocket } from '../bytes/message-socket.ts';
import { ServerNameNeededError } from '../errors.ts';
import { bindBody, type RpcInterface } from '../rpc/bind.ts';
import { decodePdu, encodePdu, framing, packetFlag, packetType } from '../rpc/pdu.ts';
import { encodeNegotiate } from './authenticate.ts';
import { avId, decodeChallenge } from './challenge.ts';

/**
 * What a server at an address calls itself in DNS: it says so before anybody signs in. Only a hint. Kerberos then
 * proves that it holds the key of that name.
 */
export async function serverName(
  server: string,
  port: number,
  wanted: RpcInterface,
  signal: AbortSignal,
): Promise<string> {
  using socket = await MessageSocket.connect(server, port, signal);
  const verifier = { authType: 10, contextId: 1, padLength: 0 };
  const flags = packetFlag.first | packetFlag.last;
  const token = encodeNegotiate();
  socket.send(encodePdu({ type: packetType.bind, flags, callId: 1, body: bindBody(wanted), verifier, token }));
  const answer = decodePdu(await socket.receive(framing(server), signal), server);
  if (answer.type !== packetType.bindAck || answer.token.length === 0) {
    throw new ServerNameNeededError(server, 'it does not tell it');
  }
  const name = decodeChallenge(answer.token, server).pairs.get(avId.dnsComputerName);
  if (name === undefined) throw new ServerNameNeededError(server, 'it does not tell it');
  return name.toString('utf16le').toLowerCase();
}
