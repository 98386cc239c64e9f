import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type { PasskeyAssertion, PasskeyRegistration } from '@throughline/model'

/** What a test may make wrong. */
export interface Twist {
  readonly origin?: string
  readonly rpId?: string
  /** False = nobody gave a fingerprint or a PIN. */
  readonly verified?: boolean
  readonly userHandle?: string
}

/** An authenticator in software that holds one ES256 key, as WebAuthn Level 3 has it. */
export class SoftAuthenticator {
  readonly credentialId = randomBytes(32)
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #origin: string
  readonly #rpId: string
  /** How often it signed; a test may turn it back, as a copy would. */
  counter = 0

  constructor(origin: string) {
    this.#origin = origin
    this.#rpId = new URL(origin).hostname
  }

  get id(): string {
    return this.credentialId.toString('base64url')
  }

  register(challenge: string, twist: Twist = {}): PasskeyRegistration {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.credentialId.length)
    const attested = Buffer.concat([Buffer.alloc(16), length, this.credentialId, this.#coseKey()])
    const authData = Buffer.concat([this.#authData(twist, 0x40), attested])
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(authData)],
    ])
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.#clientData('webauthn.create', challenge, twist),
        attestationObject: Buffer.from(isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0])).toString(
          'base64url',
        ),
        transports: ['internal'],
      },
    }
  }

  prove(challenge: string, twist: Twist = {}): PasskeyAssertion {
    this.counter++
    const authData = this.#authData(twist, 0)
    const clientDataJSON = this.#clientData('webauthn.get', challenge, twist)
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()
    const signature = sign('sha256', Buffer.concat([authData, hash]), this.#key.privateKey)
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON,
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(twist.userHandle === undefined ? {} : { userHandle: twist.userHandle }),
      },
    }
  }

  #clientData(type: string, challenge: string, { origin = this.#origin }: Twist): string {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url')
  }

  #authData({ rpId = this.#rpId, verified = true }: Twist, extraFlags: number): Buffer {
    const present = 0x01
    const flags = present | (verified ? 0x04 : 0) | extraFlags
    const tail = Buffer.alloc(5)
    tail.writeUInt8(flags)
    tail.writeUInt32BE(this.counter, 1)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), tail])
  }

  #coseKey(): Uint8Array {
    const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' })
    const key = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ])
    return isoCBOR.encode(key as Parameters<typeof isoCBOR.encode>[0])
  }
}
