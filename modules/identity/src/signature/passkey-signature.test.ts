import { createHash } from 'node:crypto'
import type { RecordRef, SignatureMeaning } from '@throughline/model'
import {
  beginPasskeyRegistration,
  beginPasskeySignature,
  beginPasskeySignIn,
  listSignatures,
  prepareSignature,
  registerPasskey,
  signRecord,
} from '@throughline/model'
import { nobody } from '@throughline/platform'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Twist } from '../testing/authenticator.ts'
import { SoftAuthenticator } from '../testing/authenticator.ts'
import { origin, reason } from '../testing/people.ts'
import type { SignedIn, Signing } from './testing/signing.ts'
import { secretAlone, startSigning } from './testing/signing.ts'

const pages = 'http://localhost:8080'
let plant: Signing
let quality: SignedIn
let authenticator: SoftAuthenticator

beforeAll(async () => {
  plant = await startSigning({ origin: () => pages })
  quality = await plant.someone('quinn', 'quality')
  authenticator = await withPasskey(quality)
})
afterAll(() => plant?.close())

async function withPasskey(who: SignedIn): Promise<SoftAuthenticator> {
  const made = new SoftAuthenticator(pages)
  const { challenge } = await plant.platform.run(beginPasskeyRegistration, who.actor, {})
  await plant.platform.run(registerPasskey, who.actor, { name: 'key', registration: made.register(challenge) })
  return made
}

async function begin(who: SignedIn, record: RecordRef, meaning: SignatureMeaning = 'reviewed') {
  const { current: shown } = await plant.platform.run(prepareSignature, who.actor, { record })
  const asked = { record, meaning, reason, shown }
  const begun = await plant.platform.run(beginPasskeySignature, who.actor, asked)
  return { ...begun, shown }
}

type Shown = Awaited<ReturnType<typeof begin>>['shown']

function sign(
  who: SignedIn,
  record: RecordRef,
  shown: Shown,
  challenge: string,
  more: { twist?: Twist; key?: SoftAuthenticator; why?: string } = {},
) {
  const assertion = (more.key ?? authenticator).prove(challenge, more.twist)
  const proof = { method: 'passkey' as const, assertion }
  const signature = { meaning: 'reviewed' as const, reason: more.why ?? reason, shown, proof }
  return plant.platform.run(signRecord, who.actor, { record, signature })
}

const refused = { kind: 'unauthenticated', code: 'identity.signing-refused' }

describe('signing with a passkey', () => {
  test('[P11-70, P11-200a1] one gesture of the owner signs the hash of who, what, which version and why', async () => {
    const record = await plant.record('passkey-one')
    expect((await plant.platform.run(prepareSignature, quality.actor, { record })).methods).toEqual([
      'password',
      'passkey',
    ])
    const { challenge, statement, shown, allowed, rpId } = await begin(quality, record)
    expect(challenge).toBe(createHash('sha256').update(statement).digest('base64url'))
    expect(JSON.parse(statement)).toMatchObject({
      record,
      shown,
      meaning: 'reviewed',
      reason,
      signer: { name: 'quinn' },
    })
    expect({ allowed, rpId }).toEqual({ allowed: [authenticator.id], rpId: 'localhost' })
    const signature = await sign(quality, record, shown, challenge)
    expect(signature).toMatchObject({ components: 'passkey', state: 'valid' })
    expect(await plant.platform.run(listSignatures, quality.actor, { record })).toEqual([signature])
    const { rows } = await sql<{ manifest: string }>`
      select manifest from identity.signature where id = ${signature.id}`.execute(plant.database.db)
    const { assertion } = JSON.parse(rows[0]?.manifest ?? '{}') as { assertion: Record<string, string> }
    expect(assertion['statement'], 'whoever has the public key can check it anew').toBe(statement)
    expect(assertion['credential']).toBe(authenticator.id)
  })

  test('[P11-200a1i] it begins a series like name and password', async () => {
    const who = await plant.someone('petra', 'quality')
    const key = await withPasskey(who)
    const record = await plant.record('passkey-series')
    const { challenge, shown } = await begin(who, record)
    await sign(who, record, shown, challenge, { key })
    const later = await plant.sign(who, await plant.record('passkey-series-2'), 'reviewed', secretAlone)
    expect(later.components).toBe('password, in a series begun with passkey')
  })

  test('[P11-70!] what was signed for one record, reason or version signs no other', async () => {
    const one = await plant.record('passkey-a')
    const other = await plant.record('passkey-b')
    const first = await begin(quality, one)
    const second = await begin(quality, other)
    await expect(sign(quality, other, second.shown, first.challenge)).rejects.toMatchObject(refused)
    const third = await begin(quality, one)
    await expect(
      sign(quality, one, third.shown, third.challenge, { why: 'quite another reason' }),
    ).rejects.toMatchObject(refused)
    await plant.sign(quality, await plant.record('passkey-forget'), 'reviewed')
    const fourth = await begin(quality, one)
    await plant.change(one)
    await expect(sign(quality, one, fourth.shown, fourth.challenge)).rejects.toMatchObject({
      code: 'platform.record-changed',
    })
    for (const record of [one, other]) {
      expect(await plant.platform.run(listSignatures, quality.actor, { record })).toEqual([])
    }
  })

  test('[P11-200a1!, P11-200a2!] used twice, too late, for a sign-in, without a gesture, elsewhere or by another key it signs nothing', async () => {
    const record = await plant.record('passkey-wrong')
    const stranger = await plant.someone('sven', 'quality')
    const strangerKey = await withPasskey(stranger)
    const again = () => begin(quality, record)
    const attempts = [
      async () => {
        const { shown, challenge } = await again()
        plant.clock.advanceMs(5 * 60_000)
        return sign(quality, record, shown, challenge)
      },
      async () => {
        const { shown } = await again()
        const { challenge } = await plant.platform.run(beginPasskeySignIn, nobody(origin), {})
        return sign(quality, record, shown, challenge)
      },
      async () => {
        const { shown, challenge } = await again()
        return sign(quality, record, shown, challenge, { twist: { verified: false } })
      },
      async () => {
        const { shown, challenge } = await again()
        return sign(quality, record, shown, challenge, { key: strangerKey })
      },
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(refused)
    await plant.sign(quality, await plant.record('passkey-reset'), 'reviewed')
    plant.clock.advanceMs(15 * 60_000)
    const { shown, challenge } = await again()
    await expect(
      sign(quality, record, shown, challenge, { twist: { origin: 'https://plant.example.evil' } }),
    ).rejects.toMatchObject(refused)
    const good = await begin(quality, record)
    await sign(quality, record, good.shown, good.challenge)
    const later = await plant.record('passkey-replay')
    const { shown: unsigned } = await begin(quality, later)
    await expect(sign(quality, later, unsigned, good.challenge)).rejects.toMatchObject(refused)
  })

  test('[P11-200a2!] a statement of one session is not signed in another', async () => {
    const record = await plant.record('passkey-session')
    const { shown, challenge } = await begin(quality, record)
    const again = await plant.again(quality)
    await expect(sign(again, record, shown, challenge)).rejects.toMatchObject(refused)
  })

  test('whoever has no passkey is told so', async () => {
    const without = await plant.someone('wanda', 'quality')
    await expect(begin(without, await plant.record('passkey-none'))).rejects.toMatchObject({
      kind: 'not-found',
      code: 'identity.signing-passkey-missing',
    })
  })
})
