import { hash, randomBytes } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { MessageImprint, PKIStatus, TimeStampReq, TimeStampResp, TSTInfo } from '@peculiar/asn1-tsp'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import { DomainError, messageOf } from '@throughline/kernel'
import type { Anchor } from './anchors.ts'
import { contentOf, elementsIn } from './der.ts'

const hourMs = 3_600_000
const sha256 = '2.16.840.1.101.3.4.2.1'

export interface TimeStampOptions {
  /** Of a time stamp authority that answers by HTTP (RFC 3161 section 3.4). */
  readonly url: string
  /** Default: an hour. */
  readonly everyMs?: number
}

/**
 * Lets a time stamp authority sign that the newest checkpoint existed at its time, and keeps its answer as evidence. The
 * answer is checked to be for this checkpoint and this request; its signature is checked by whoever relies on it:
 * `openssl ts -verify -in <evidence> -data <checkpoint> -CAfile <authority's root>`.
 */
export function timeStamp(options: TimeStampOptions): Anchor {
  return {
    kind: 'time-stamp',
    target: options.url,
    takes: 'newest',
    everyMs: options.everyMs ?? hourMs,
    async deliver(checkpoints, signal) {
      const newest = checkpoints.at(-1)
      return newest === undefined ? null : await stamp(options.url, newest.note, signal)
    },
  }
}

async function stamp(url: string, note: string, signal: AbortSignal): Promise<Buffer> {
  const imprint = hash('sha256', note, 'buffer')
  const nonce = randomBytes(8)
  // Positive, and without a leading zero: then it comes back byte by byte.
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40
  const request = AsnConvert.serialize(requestOf(imprint, nonce))
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: request,
    signal,
  })
  if (!response.ok) throw refused(url, `it answered with HTTP status ${response.status}`)
  const answer = Buffer.from(await response.arrayBuffer())
  assertFits(url, answer, imprint, nonce)
  return answer
}

function requestOf(imprint: Buffer, nonce: Buffer): TimeStampReq {
  return new TimeStampReq({
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha256, parameters: null }),
      hashedMessage: new OctetString(imprint),
    }),
    nonce: Uint8Array.from(nonce).buffer,
    // Without its certificate the stamp could not be checked years later.
    certReq: true,
  })
}

function assertFits(url: string, answer: Buffer, imprint: Buffer, nonce: Buffer): void {
  const { status, timeStampToken } = parse(url, () => AsnConvert.parse(answer, TimeStampResp))
  if (status.status !== PKIStatus.granted && status.status !== PKIStatus.grantedWithMods) {
    throw refused(url, `it refused with status ${status.status} ${[...(status.statusString ?? [])].join(', ')}`.trim())
  }
  if (timeStampToken === undefined) throw refused(url, 'it sent no stamp')
  const told = parse(url, () => AsnConvert.parse(infoOf(Buffer.from(timeStampToken.content)), TSTInfo))
  const { hashAlgorithm, hashedMessage } = told.messageImprint
  if (hashAlgorithm.algorithm !== sha256 || !Buffer.from(hashedMessage.buffer).equals(imprint)) {
    throw refused(url, 'its stamp is for something else')
  }
  if (told.nonce === undefined || !Buffer.from(told.nonce).equals(nonce)) {
    throw refused(url, 'its stamp answers another request')
  }
}

/** SignedData (RFC 5652): version, digest algorithms, then the content: its type, and in [0] an octet string of it. */
function infoOf(signedData: Buffer): Buffer {
  const content = elementsIn(signedData)[2] ?? Buffer.of()
  const wrapped = elementsIn(content)[1] ?? Buffer.of()
  return contentOf(elementsIn(wrapped)[0] ?? Buffer.of())
}

function parse<Answer>(url: string, read: () => Answer): Answer {
  try {
    return read()
  } catch (error) {
    throw refused(url, `its answer cannot be read: ${messageOf(error)}`)
  }
}

const refused = (url: string, why: string): DomainError =>
  new DomainError(
    'unavailable',
    'platform.time-stamp-refused',
    `The time stamp authority ${url} gave no stamp: ${why}`,
    {
      url,
    },
  )
