import { messageOf } from '@throughline/kernel'
import type { Client } from 'aedes'
import { Refusal } from './fault.ts'

/** The part of mqtt-packet's parser that Aedes keeps on each client. */
interface Parser {
  parse(bytes: Buffer): number
  /** Reads the second field of a packet; true once it is there. */
  _parseLength(): boolean
  readonly packet: { readonly length: number }
}

/**
 * Watches what one client sends, before Aedes handles it. Two things Aedes leaves open: a packet may claim 256 MB, and
 * a malformed one may make the parser throw out of the socket's event handler, which would end every client's broker.
 */
export function guardPackets(client: Client, maxPacketBytes: number): void {
  const { _parser: parser } = client as unknown as { _parser: Parser }
  const parseLength = parser._parseLength.bind(parser)
  parser._parseLength = () => {
    const complete = parseLength()
    const { length } = parser.packet
    if (length > maxPacketBytes) {
      throw new Refusal('mqtt-packet-too-large', `A packet of ${length} bytes; the limit is ${maxPacketBytes}`)
    }
    return complete
  }
  const parse = parser.parse.bind(parser)
  parser.parse = (bytes) => {
    try {
      return parse(bytes)
    } catch (error) {
      client.emit('error', error instanceof Refusal ? error : new Refusal('mqtt-malformed', messageOf(error)))
      return 0
    }
  }
}
