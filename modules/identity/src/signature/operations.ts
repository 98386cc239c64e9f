import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { RecordRef, SigningMethod, SigningPreparation } from '@throughline/model'
import {
  beginPasskeySignature,
  findSignaturePolicy,
  listSignatures,
  prepareSignature,
  signRecord,
} from '@throughline/model'
import type { Actor, Platform } from '@throughline/platform'
import { findPersonById } from '../person/store.ts'
import { makeStatement, statementLifeMs } from './passkey-statement.ts'
import type { SigningSettings } from './proof.ts'
import { SigningProver, sessionOf, signingLocked } from './proof.ts'
import { filledSteps, refusalOf } from './rules.ts'
import { signerOn } from './signer.ts'
import type { ZoneOf } from './standing.ts'
import { assertMayRead, getHead, signerOf, standingOf } from './standing.ts'
import { findLock, listSignaturesOn } from './store.ts'

/** Mounts the operations on signatures, and makes this module the platform's signer. */
export function mountSignatureOperations(platform: Platform, settings: SigningSettings, zoneOf: ZoneOf): void {
  const { ways } = settings
  const prover = new SigningProver(platform, settings)
  platform.signWith(signerOn(platform, prover, zoneOf))

  platform.handle(listSignatures, async (uow, { record }) => {
    assertMayRead(platform, uow.actor, record)
    return await listSignaturesOn(uow.trx, record, await zoneOf(uow.trx))
  })

  platform.handle(prepareSignature, async ({ trx, actor, at }, { record }): Promise<SigningPreparation> => {
    assertMayRead(platform, actor, record)
    const current = await getHead(trx, record)
    const standing = await standingOf(platform, trx, record, current, await zoneOf(trx))
    const steps = filledSteps(standing.policy, standing.signatures, current.version)
    const person = actor.kind === 'person' ? (await findPersonById(trx, actor.id))?.person : undefined
    const refusal = (await refusalBefore(actor, at)) ?? refusalOf(standing, signerOf(actor))
    return {
      record,
      title: standing.title,
      current,
      steps: steps.map(({ meaning, state, signature }) => ({ meaning, state, signature })),
      signatures: [...standing.signatures],
      signer: { name: actor.name, printedName: person?.printedName ?? actor.name },
      refusal: refusal === undefined ? null : { code: refusal.code, message: refusal.message },
      components: await prover.componentsFor(actor, at),
      methods: person === undefined ? [] : await methodsOf(actor),
    }
  })

  platform.handle(beginPasskeySignature, async (uow, { record, meaning, reason, shown }) => {
    const sessionId = sessionOf(uow.actor)
    if (record !== null) assertMayRead(platform, uow.actor, record)
    const rpId = ways.passkey?.relyingParty()
    const allowed = (await ways.passkey?.list(personIdOf(uow.actor))) ?? []
    if (rpId === undefined || allowed.length === 0) throw passkeyMissing()
    const asked = { record, meaning, reason, shown }
    const made = await makeStatement(uow.trx, uow.actor, sessionId, asked, uow.at)
    return { ...made, rpId, allowed: [...allowed], timeoutMs: statementLifeMs }
  })

  platform.handle(signRecord, async (uow, { record }) => {
    if (findSignaturePolicy(record.kind) === undefined) throw policyMissing(record)
    assertMayRead(platform, uow.actor, record)
    return await uow.sign(record)
  })

  /** What is in the way whatever the record is. */
  async function refusalBefore(actor: Actor, at: Instant): Promise<DomainError | undefined> {
    try {
      sessionOf(actor)
    } catch (error) {
      if (error instanceof DomainError) return error
      throw error
    }
    const lockedUntil = await findLock(platform.db, actor.id, at)
    return lockedUntil === null ? undefined : signingLocked(lockedUntil, at)
  }

  async function methodsOf(actor: Actor): Promise<SigningMethod[]> {
    const personId = personIdOf(actor)
    const { password, passkey, badge } = ways
    const methods: SigningMethod[] = []
    if (actor.sessionId !== null && (await badge?.isUsable(personId, actor.sessionId)) === true) methods.push('badge')
    if (await password.isUsable(personId)) methods.push('password')
    if (passkey?.relyingParty() !== undefined && (await passkey.list(personId)).length > 0) methods.push('passkey')
    return methods
  }
}

const personIdOf = (actor: Actor): Id<'Person'> => actor.id as Id<'Person'>

const policyMissing = (record: RecordRef): DomainError =>
  new DomainError(
    'invalid',
    'identity.signature-policy-missing',
    `No policy says how records of the kind ${record.kind} are signed: they are signed, if at all, by an operation of their own`,
  )

const passkeyMissing = (): DomainError =>
  new DomainError(
    'not-found',
    'identity.signing-passkey-missing',
    'You have no passkey that works here: sign with your name and password, or register a passkey first',
  )
