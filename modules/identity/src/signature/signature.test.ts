import { createHash } from 'node:crypto'
import type { DomainEvents, Signature, SignatureProof } from '@throughline/model'
import {
  closeSession,
  createMachineAccount,
  disablePerson,
  listAuditEntries,
  listSignatures,
  lockSession,
  prepareSignature,
  renamePerson,
  signRecord,
  terminateSession,
} from '@throughline/model'
import { nobody, Platform, systemActor } from '@throughline/platform'
import { actorWith, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityModule } from '../module.ts'
import { password, plantWide, reason } from '../testing/people.ts'
import type { SignedIn, Signing } from './testing/signing.ts'
import { both, secretAlone, startSigning, wrong } from './testing/signing.ts'

const minute = 60_000
let plant: Signing
let quality: SignedIn
let manager: SignedIn
let administrator: SignedIn
let operator: SignedIn
const signed: DomainEvents['identity.record-signed'][] = []
const complete: DomainEvents['identity.record-signatures-complete'][] = []
const locked: DomainEvents['identity.signing-locked'][] = []

beforeAll(async () => {
  plant = await startSigning()
  plant.platform.on('identity.record-signed', 'test.signed', async (_uow, event) => void signed.push(event))
  plant.platform.on(
    'identity.record-signatures-complete',
    'test.done',
    async (_uow, event) => void complete.push(event),
  )
  plant.platform.on('identity.signing-locked', 'test.locked', async (_uow, event) => void locked.push(event))
  quality = await plant.someone('quinn', 'quality')
  manager = await plant.someone('mary', 'manager')
  administrator = await plant.someone('abel', 'administrator')
  operator = await plant.someone('otto', 'operator')
})
afterAll(() => plant?.close())

const refusedWith = (code: string, kind?: string) =>
  expect.objectContaining(kind === undefined ? { code } : { code, kind })
const listed = (record: { kind: string; id: string }): Promise<Signature[]> =>
  plant.platform.run(listSignatures, administrator.actor, { record })
const prepared = (who: SignedIn, record: { kind: string; id: string }) =>
  plant.platform.run(prepareSignature, who.actor, { record })

describe('a signature', () => {
  test('[P11-50a, A11-14, A11-14-1] says who signed, by printed name, what it means, why, when and where on earth, of which version', async () => {
    const record = await plant.record('record-one')
    const { current, title } = await prepared(quality, record)
    expect(title).toBe('Person record-one')
    const signature = await plant.sign(quality, record, 'reviewed')
    expect(signature).toMatchObject({
      record,
      version: current.version,
      recordHash: current.hash,
      meaning: 'reviewed',
      reason,
      personId: quality.person.id,
      printedName: 'quinn',
      signedAt: plant.clock.now(),
      localTime: '2026-11-22T09:00:00+01:00',
      components: 'name and password',
      state: 'valid',
      stateReason: null,
    })
    expect(await listed(record)).toEqual([signature])
    await plant.platform.idle()
    expect(signed.at(-1)).toEqual({
      record,
      version: current.version,
      meaning: 'reviewed',
      signatureId: signature.id,
      personId: quality.person.id,
    })
  })

  test('[P11-70, SR-2.12] stands for one text that holds all of it, and whose hash is kept', async () => {
    const record = await plant.record('record-text')
    const signature = await plant.sign(quality, record, 'reviewed')
    const { rows } = await sql<{ manifest: string }>`
      select manifest from identity.signature where id = ${signature.id}`.execute(plant.database.db)
    const text = rows[0]?.manifest ?? ''
    expect(createHash('sha256').update(text).digest('hex')).toBe(signature.manifestHash)
    expect(JSON.parse(text)).toMatchObject({
      record: { ...record, version: signature.version, hash: signature.recordHash },
      signer: { id: quality.person.id, name: 'quinn', printedName: 'quinn' },
      signedAt: signature.signedAt,
      localTime: signature.localTime,
      timeZone: 'Europe/Berlin',
      sentence: `I, quinn, have reviewed Person record-text, as it stands in record version ${signature.version} (${signature.recordHash.slice(0, 12)}).`,
    })
  })

  test('[P11-50a!] without a meaning, or with one that is none, is refused', async () => {
    const record = await plant.record('record-meaning')
    const { current: shown } = await prepared(quality, record)
    for (const meaning of [undefined, 'liked']) {
      const signature = { meaning, reason, shown, proof: both('quinn') } as never
      await expect(plant.platform.run(signRecord, quality.actor, { record, signature })).rejects.toMatchObject({
        code: 'platform.input-invalid',
      })
    }
    expect(await listed(record)).toEqual([])
  })

  test('[P11-70!] on a version that is not the one that was shown is refused', async () => {
    const record = await plant.record('record-stale')
    const { current: shown } = await prepared(quality, record)
    await plant.change(record)
    const signature = { meaning: 'reviewed' as const, reason, shown, proof: both('quinn') }
    await expect(plant.platform.run(signRecord, quality.actor, { record, signature })).rejects.toThrow(
      refusedWith('platform.record-changed', 'conflict'),
    )
  })

  test('of a record that is not there, or of a kind without a policy, is refused by name', async () => {
    const nowhere = { kind: 'identity.person', id: operator.actor.id.replace(/^./, 'f') }
    await expect(prepared(quality, nowhere)).rejects.toThrow(refusedWith('platform.record-unknown', 'not-found'))
    const { current: shown } = await prepared(quality, await plant.record('record-shown'))
    const signature = { meaning: 'reviewed' as const, reason, shown, proof: both('quinn') }
    const other = { kind: 'identity.machine_account', id: nowhere.id }
    await expect(plant.platform.run(signRecord, quality.actor, { record: other, signature })).rejects.toThrow(
      refusedWith('identity.signature-policy-missing', 'invalid'),
    )
    await expect(plant.platform.run(signRecord, quality.actor, { record: nowhere, signature })).rejects.toThrow(
      refusedWith('platform.record-unknown', 'not-found'),
    )
  })

  test('[P11-100a] keeps the printed name of its time when the person is called otherwise later', async () => {
    const renamed = await plant.someone('nora', 'quality')
    const record = await plant.record('record-name')
    await plant.sign(renamed, record, 'reviewed')
    const rename = { personId: renamed.person.id, printedName: 'Nora Newname', reason: 'she married' }
    await plant.platform.run(renamePerson, plant.author, rename)
    expect((await listed(record))[0]).toMatchObject({ printedName: 'nora', state: 'valid' })
    expect((await prepared(renamed, record)).signer.printedName).toBe('Nora Newname')
  })
})

describe('the sequence of signatures', () => {
  test('[P11-10f, P11-10g-1] three people sign one after the other, and the record is complete', async () => {
    const record = await plant.record('record-three')
    expect((await prepared(quality, record)).steps.map(({ meaning, state }) => `${meaning} ${state}`)).toEqual([
      'reviewed next',
      'approved later',
      'released later',
    ])
    await plant.sign(quality, record, 'reviewed')
    await plant.sign(manager, record, 'approved')
    await plant.platform.idle()
    expect(complete.filter((event) => event.record.id === record.id)).toEqual([])
    const last = await plant.sign(administrator, record, 'released')
    await plant.platform.idle()
    expect(complete.at(-1)).toEqual({ record, version: last.version, hash: last.recordHash })
    const { steps, refusal } = await prepared(administrator, record)
    expect(steps.map((step) => `${step.state} ${step.signature?.printedName}`)).toEqual([
      'signed quinn',
      'signed mary',
      'signed abel',
    ])
    expect(refusal?.code).toBe('identity.signature-complete')
  })

  test('[P11-10f!] a signature out of order is refused by name, and changes nothing', async () => {
    const record = await plant.record('record-order')
    const early = plant.sign(manager, record, 'approved')
    await expect(early).rejects.toThrow(refusedWith('identity.signature-out-of-order', 'conflict'))
    await expect(early).rejects.toThrow('Person record-order must be reviewed before it can be approved')
    await expect(plant.sign(quality, record, 'performed')).rejects.toThrow(
      refusedWith('identity.signature-meaning-not-in-policy', 'invalid'),
    )
    expect(await listed(record)).toEqual([])
  })

  test('[P11-10g-1!] nobody is the second person to themselves, whatever roles they hold', async () => {
    const everything = await plant.someone('eve', 'quality', 'manager', 'administrator')
    const record = await plant.record('record-same')
    await plant.sign(everything, record, 'reviewed')
    await expect(plant.sign(everything, record, 'approved', secretAlone)).rejects.toThrow(
      refusedWith('identity.signature-same-person', 'forbidden'),
    )
    const { refusal } = await prepared(everything, record)
    expect(refusal).toEqual({
      code: 'identity.signature-same-person',
      message: "You have signed Person record-same already: each signature is another person's",
    })
    await plant.sign(manager, record, 'approved')
  })

  test('[P11-10g-1!] two sessions of one person at the same moment sign once', async () => {
    const twice = await plant.someone('tess', 'administrator')
    const other = await plant.again(twice)
    const record = await plant.record('record-race')
    const tries = await Promise.allSettled([twice, other].map((who) => plant.sign(who, record, 'reviewed')))
    expect(tries.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await listed(record)).toHaveLength(1)
  })

  test('[P11-10g-1!] whoever changed the record since it was last complete does not sign it', async () => {
    const author = await plant.someone('aude', 'administrator')
    const record = await plant.record('record-author')
    await plant.change(record, author.actor)
    await expect(plant.sign(author, record, 'reviewed')).rejects.toThrow(
      refusedWith('identity.signature-by-author', 'forbidden'),
    )
    await plant.sign(quality, record, 'reviewed')
    await plant.sign(manager, record, 'approved')
    await plant.sign(administrator, record, 'released')
    await plant.change(record)
    await plant.sign(author, record, 'reviewed')
  })

  test('[P11-10g!] a signature takes its own permission, for the whole plant', async () => {
    const record = await plant.record('record-right')
    await expect(prepared(operator, record)).rejects.toThrow(refusedWith('platform.permission-missing', 'forbidden'))
    const reader = await plant.someone('audrey', 'auditor')
    await expect(plant.sign(reader, record, 'reviewed')).rejects.toThrow(
      refusedWith('identity.signature-permission-missing', 'forbidden'),
    )
    expect((await prepared(reader, record)).refusal?.message).toBe(
      'Person record-right must be reviewed by somebody with the role quality or manager or administrator for the whole plant',
    )
    await expect(plant.platform.run(listSignatures, operator.actor, { record })).rejects.toThrow(
      refusedWith('platform.permission-missing', 'forbidden'),
    )
  })

  test('[P11-70!, A11-14!] a change after signing voids the signatures, and says by whom and when', async () => {
    const record = await plant.record('record-void')
    await plant.sign(quality, record, 'reviewed')
    plant.clock.advanceMs(minute)
    await plant.change(record)
    const [first] = await listed(record)
    expect(first).toMatchObject({
      state: 'void',
      stateReason:
        'ada changed the record afterwards, on 22 Nov 2026 09:01:00 UTC+01:00: it is not what was signed any more',
    })
    const { steps } = await prepared(quality, record)
    expect(steps[0]).toEqual({ meaning: 'reviewed', state: 'next', signature: null })
    await plant.sign(quality, record, 'reviewed', secretAlone)
    expect((await listed(record)).map((each) => each.state)).toEqual(['void', 'valid'])
  })
})

describe('proving who signs', () => {
  test('[P11-200a1!] a session alone does not sign: the first signing takes name and password', async () => {
    const who = await plant.someone('fay', 'quality')
    const record = await plant.record('record-first')
    expect(await prepared(who, record)).toMatchObject({ components: 'both', methods: ['password'], refusal: null })
    await expect(plant.sign(who, record, 'reviewed', secretAlone)).rejects.toThrow(
      refusedWith('identity.signing-component-missing', 'unauthenticated'),
    )
    await expect(plant.sign(who, record, 'reviewed', wrong('fay'))).rejects.toThrow(
      refusedWith('identity.signing-refused', 'unauthenticated'),
    )
    expect(await listed(record)).toEqual([])
    await plant.sign(who, record, 'reviewed', both('fay'))
  })

  test('[P11-200a2!, SR-2.12!] nobody signs as somebody else: the name must be that of the session', async () => {
    const record = await plant.record('record-as-other')
    const admin = await plant.someone('adam', 'administrator')
    await expect(plant.sign(admin, record, 'reviewed', both('quinn'))).rejects.toThrow(
      refusedWith('identity.signing-refused', 'unauthenticated'),
    )
    expect(await listed(record)).toEqual([])
  })

  test('[P11-200a2!, AL-C!] a name, a time or a person that the client sends beside it is ignored', async () => {
    const record = await plant.record('record-client')
    const { current: shown } = await prepared(quality, record)
    const claimed = { printedName: 'Somebody Else', signedAt: 1, personId: manager.person.id }
    const signature = { meaning: 'reviewed' as const, reason, shown, proof: both('quinn'), ...claimed }
    const made = await plant.platform
      .run(signRecord, quality.actor, { record, signature })
      .catch((error: unknown) => error)
    if (made instanceof Error) expect(made).toMatchObject({ code: 'platform.input-invalid' })
    else expect(made).toMatchObject({ printedName: 'quinn', signedAt: plant.clock.now(), personId: quality.person.id })
  })

  test('[P11-200a1i!] in one series the first signing takes both components, the later ones the secret alone', async () => {
    const who = await plant.someone('sara', 'quality')
    const records = [await plant.record('series-1'), await plant.record('series-2'), await plant.record('series-3')]
    const [one, two, three] = records
    if (!one || !two || !three) throw new Error('three records')
    await plant.sign(who, one, 'reviewed')
    plant.clock.advanceMs(10 * minute - 1)
    expect((await prepared(who, two)).components).toBe('secret')
    const later = await plant.sign(who, two, 'reviewed', secretAlone)
    expect(later.components).toBe('password, in a series begun with name and password')
    plant.clock.advanceMs(10 * minute - 1)
    await plant.sign(who, three, 'reviewed', secretAlone)
    await expect(
      plant.sign(who, await plant.record('series-4'), 'reviewed', { method: 'password', password: 'x' }),
    ).rejects.toThrow(refusedWith('identity.signing-refused', 'unauthenticated'))
  })

  test('[P11-200a1ii!] after ten minutes without a signature all components are asked for again', async () => {
    const who = await plant.someone('gap', 'quality')
    await plant.sign(who, await plant.record('gap-1'), 'reviewed')
    plant.clock.advanceMs(10 * minute)
    const record = await plant.record('gap-2')
    expect((await prepared(who, record)).components).toBe('both')
    await expect(plant.sign(who, record, 'reviewed', secretAlone)).rejects.toThrow(
      refusedWith('identity.signing-component-missing'),
    )
    await plant.sign(who, record, 'reviewed')
  })

  test('[P11-200a1ii!] another network address ends the series, also for whoever comes back', async () => {
    const who = await plant.someone('roam', 'quality')
    await plant.sign(who, await plant.record('roam-1'), 'reviewed')
    const record = await plant.record('roam-2')
    const elsewhere = await plant.from(who, '203.0.113.9')
    await expect(plant.sign(elsewhere, record, 'reviewed', secretAlone)).rejects.toThrow(
      refusedWith('identity.signing-component-missing'),
    )
    await expect(plant.sign(who, record, 'reviewed', secretAlone)).rejects.toThrow(
      refusedWith('identity.signing-component-missing'),
    )
  })

  test('[P11-200a1ii!] a new session begins a new series', async () => {
    const who = await plant.someone('newt', 'quality')
    await plant.sign(who, await plant.record('newt-1'), 'reviewed')
    const again = await plant.again(who)
    await expect(plant.sign(again, await plant.record('newt-2'), 'reviewed', secretAlone)).rejects.toThrow(
      refusedWith('identity.signing-component-missing'),
    )
  })

  test('[P11-200a2!] API keys, the product itself, nobody and an actor without a session never sign', async () => {
    const record = await plant.record('record-machine')
    const { current: shown } = await prepared(quality, record)
    const grants = [plantWide('edge-agent')]
    const { apiKey } = await plant.platform.run(createMachineAccount, plant.inviter, { name: 'robot', grants })
    const machine = await plant.platform.authenticate({ apiKey }, null)
    const signature = { meaning: 'reviewed' as const, reason, shown, proof: both('quinn') }
    const sign = (actor: typeof machine) => plant.platform.run(signRecord, actor, { record, signature })
    const none = { ...actorWith(['identity.person.approve']), sessionId: null }
    for (const actor of [machine, systemActor('test'), none]) {
      await expect(sign(actor)).rejects.toThrow(refusedWith('identity.signing-not-by-machines', 'forbidden'))
    }
    await expect(sign(nobody(null))).rejects.toThrow(refusedWith('platform.session-missing', 'unauthenticated'))
    expect(await listed(record)).toEqual([])
  })

  test('[P11-300b-1!, P11-200a2!, AS-8.5.2-5!] whoever signed out, was signed out, locked or disabled signs nothing, though their request was under way', async () => {
    const enders: Readonly<Record<string, (who: SignedIn) => Promise<unknown>>> = {
      leaver: (who) => plant.platform.run(closeSession, who.actor, {}),
      thrown: (who) =>
        plant.platform.run(terminateSession, actorWith(['identity.session.terminate']), {
          sessionId: who.actor.sessionId as never,
          reason,
        }),
      lockee: (who) => plant.platform.run(lockSession, who.actor, {}),
      fired: (who) => plant.platform.run(disablePerson, plant.inviter, { personId: who.person.id, reason }),
    }
    for (const [name, end] of Object.entries(enders)) {
      const who = await plant.someone(name, 'quality')
      const record = await plant.record(`record-${name}`)
      await end(who)
      await expect(plant.sign(who, record, 'reviewed')).rejects.toThrow(
        refusedWith('identity.signing-session-over', 'unauthenticated'),
      )
      expect(await listed(record)).toEqual([])
    }
  })
})

describe('guessing', () => {
  const fail = (who: SignedIn, record: { kind: string; id: string }) =>
    plant.sign(who, record, 'reviewed', wrong(who.person.name)).catch((error: { code: string }) => error.code)

  test('[P11-300d!, SR-1.11!] five failures lock signing for 15 minutes, and nothing else; it is told and on record', async () => {
    const who = await plant.someone('guess', 'quality')
    const record = await plant.record('record-guess')
    const codes = []
    for (const _try of [1, 2, 3, 4, 5]) codes.push(await fail(who, record))
    expect(codes).toEqual([...Array<string>(4).fill('identity.signing-refused'), 'identity.signing-locked'])
    await expect(plant.sign(who, record, 'reviewed')).rejects.toThrow(
      refusedWith('identity.signing-locked', 'too-many'),
    )
    expect((await prepared(who, record)).refusal?.code).toBe('identity.signing-locked')
    expect((await plant.by(who.token)).kind).toBe('person')
    await plant.again(who)
    await plant.sign(manager, record, 'reviewed', both('mary'))
    await plant.platform.idle()
    await waitFor(async () => locked.some((event) => event.personId === who.person.id), 'the lock to be told')
    const reader = actorWith(['platform.audit.read'])
    const entries = await plant.platform.run(listAuditEntries, reader, { operation: 'identity.signature.lock' })
    expect(entries[0]).toMatchObject({
      reason: '5 attempts to sign as guess failed',
      input: { personId: who.person.id },
    })
    const tries = await plant.platform.run(listAuditEntries, reader, {
      operation: signRecord.name,
      actor: who.person.id,
    })
    expect(tries.map((entry) => entry.outcome)).toEqual([
      'identity.signing-locked',
      'identity.signing-locked',
      ...Array<string>(4).fill('identity.signing-refused'),
    ])
    expect(JSON.stringify(tries)).not.toContain('not this one at all')
    expect(JSON.stringify(tries)).not.toContain(password)
  })

  test('[P11-300d!] the lock ends by itself, and holds up to that very moment', async () => {
    const who = await plant.someone('patient', 'quality')
    const record = await plant.record('record-patient')
    for (const _try of [1, 2, 3, 4, 5]) await fail(who, record)
    plant.clock.advanceMs(15 * minute - 1)
    await expect(plant.sign(who, record, 'reviewed')).rejects.toThrow(refusedWith('identity.signing-locked'))
    plant.clock.advanceMs(1)
    await plant.sign(who, record, 'reviewed')
  })

  test('[P11-300d!] a restart forgets neither the lock nor the failures before it', async () => {
    const who = await plant.someone('reset', 'quality')
    const record = await plant.record('record-reset')
    for (const _try of [1, 2, 3, 4]) await fail(who, record)
    await plant.platform.idle()
    const restarted = await Platform.start(
      plant.database.db,
      [identityModule()],
      plant.clock,
      pino({ level: 'silent' }),
    )
    try {
      const { current: shown } = await prepared(who, record)
      const sign = (proof: SignatureProof) =>
        restarted.run(signRecord, who.actor, { record, signature: { meaning: 'reviewed', reason, shown, proof } })
      await expect(sign(wrong('reset'))).rejects.toThrow(refusedWith('identity.signing-locked'))
      await expect(plant.sign(who, record, 'reviewed')).rejects.toThrow(refusedWith('identity.signing-locked'))
    } finally {
      await restarted.stop()
    }
  })

  test('[P11-300d!] attempts sent all at once do not slip through', async () => {
    const who = await plant.someone('swarm', 'quality')
    const record = await plant.record('record-swarm')
    const codes = await Promise.all(Array.from({ length: 12 }, () => fail(who, record)))
    expect(codes.filter((code) => code === 'identity.signing-refused').length).toBeLessThanOrEqual(4)
    await expect(plant.sign(who, record, 'reviewed')).rejects.toThrow(refusedWith('identity.signing-locked'))
  })

  test('failures that lie a quarter of an hour apart lock nobody, and a right secret forgets them', async () => {
    const who = await plant.someone('clumsy', 'quality')
    const record = await plant.record('record-clumsy')
    for (const _try of [1, 2, 3, 4]) expect(await fail(who, record)).toBe('identity.signing-refused')
    plant.clock.advanceMs(15 * minute)
    for (const _try of [1, 2, 3, 4]) expect(await fail(who, record)).toBe('identity.signing-refused')
    await plant.sign(who, record, 'reviewed')
    const next = await plant.record('record-clumsy-2')
    for (const _try of [1, 2, 3, 4]) expect(await fail(who, next)).toBe('identity.signing-refused')
  })

  test('[P11-10g-1] a proof that was right and a policy that refuses leave no signature and no series', async () => {
    const who = await plant.someone('rolled', 'quality')
    const record = await plant.record('record-rolled')
    await expect(plant.sign(who, record, 'approved')).rejects.toThrow(refusedWith('identity.signature-out-of-order'))
    expect((await prepared(who, record)).components).toBe('both')
  })
})
