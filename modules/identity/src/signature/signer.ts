import { DomainError, newId } from '@throughline/kernel'
import type { Signature } from '@throughline/model'
import type { Platform, ProvenSigner, Signer, UnitOfWork } from '@throughline/platform'
import { signatureFrom, signatureRow } from './manifest.ts'
import type { Proof, SigningProver } from './proof.ts'
import { sessionOver } from './proof.ts'
import type { Standing } from './rules.ts'
import { filledSteps, refusalOf } from './rules.ts'
import { keepSeries } from './series-store.ts'
import type { ZoneOf } from './standing.ts'
import { signerOf, standingOf } from './standing.ts'
import { insertSignature, isSignedIn, takeTurn } from './store.ts'

/** Puts electronic signatures on records: who signs is proved before the transaction, everything else is decided in it. */
export function signerOn(platform: Platform, prover: SigningProver, zoneOf: ZoneOf): Signer {
  const proofs = new WeakMap<ProvenSigner, Proof>()
  return {
    async prove(actor, given) {
      const proof = await prover.prove(actor, given)
      const { personId, printedName, components } = proof
      const proven = { personId, printedName, components }
      proofs.set(proven, proof)
      return proven
    },

    async sign(uow, proven, given, { version, hash, ...record }) {
      const proof = proofs.get(proven)
      if (proof === undefined)
        throw new DomainError('defect', 'identity.signer-unproven', 'A signer was not proved here')
      const { trx, at, actor } = uow
      await takeTurn(trx, record)
      if (!(await isSignedIn(trx, proof.sessionId, proof.personId))) throw sessionOver()
      if (proof.record && (proof.record.kind !== record.kind || proof.record.id !== record.id)) throw otherRecord()
      const timeZone = await zoneOf(trx)
      const current = { version, hash }
      const running = { entryId: uow.entryId, actorId: actor.id }
      const standing = await standingOf(platform, trx, record, current, timeZone, running)
      const refusal = refusalOf(standing, signerOf(actor), given.meaning)
      if (refusal !== undefined) throw refusal
      const row = signatureRow(
        {
          id: newId<'Signature'>(at),
          record: { ...record, ...current },
          title: standing.title,
          meaning: given.meaning,
          reason: given.reason,
          signer: { id: proof.personId, name: actor.name, printedName: proof.printedName },
          components: proof.components,
          assertion: proof.assertion,
        },
        at,
        timeZone,
      )
      await insertSignature(trx, row)
      await keepSeries(trx, proof.sessionId, { ...proof.series, lastSignedAt: at })
      const signature = signatureFrom(row, 'valid', null)
      tell(uow, signature, standing)
      return signature
    },
  }
}

function tell(uow: UnitOfWork, signature: Signature, { policy, signatures }: Standing): void {
  const { record, version, recordHash: hash, meaning, id: signatureId, personId } = signature
  uow.emit('identity.record-signed', { record, version, meaning, signatureId, personId })
  const steps = filledSteps(policy, [...signatures, signature], version)
  if (steps.length === 0 || steps.some((step) => step.state !== 'signed')) return
  uow.emit('identity.record-signatures-complete', { record, version, hash })
}

const otherRecord = (): DomainError =>
  new DomainError(
    'conflict',
    'identity.signature-other-record',
    'The passkey signed for another record: look at this one, then sign it',
  )
